import {RagError} from '../rag-error.js'

/** Text analysis and chunking. */

export const languageNotLoaded = (language: string): RagError =>
  new RagError('INTERNAL', `Text in language "${language}" cannot be analysed: its rules were not loaded.`)

export const badChunkOption = (name: string, value: number, rule: string): RagError =>
  new RagError('CONFIG_INVALID', `The chunk ${name} is ${value}; it must be ${rule} (in tokens).`)
