import {createAnalyser} from '../../adapters/analysis/create-analyser.js'
import {serveLsaWorker} from '../../adapters/lsa/serve-lsa-worker.js'

// The entry of the worker threads that `createLsa` starts under the name `lsa-worker`.
serveLsaWorker(createAnalyser())
