import {serveLsaWorker} from '../../../src/lib/lsa/serve-lsa-worker.js'
import {fakeAnalyser} from './fake-analyser.js'

// A text that holds this word stops the worker as a crash would.
const analyser = fakeAnalyser()
serveLsaWorker({
  ...analyser,
  terms: (text, language) => {
    if (text.includes('crashworker')) process.exit(3)
    if (text.includes('throwinworker')) throw new Error('thrown on purpose')
    return analyser.terms(text, language)
  },
})
