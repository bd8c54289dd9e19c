import {createAnalyser} from '../../text/analysis/create-analyser.js'
import {serveLsaWorker} from '../../lsa/serve-lsa-worker.js'

// The entry of the worker threads that `createLsa` starts under the name `lsa-worker`.
serveLsaWorker(createAnalyser())
