import {serveDigests} from '../../adapters/files/serve-digests.js'

serveDigests()
