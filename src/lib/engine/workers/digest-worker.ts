import {serveDigests} from '../../adapters/files/artifacts/serve-digests.js'

serveDigests()
