import {serveEncoder} from '../../adapters/transformers/serve-encoder.js'

// The entry of the threads that `transformersProvider` starts under the name `encoder-worker`.
serveEncoder()
