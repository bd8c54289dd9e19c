import * as Flags from '@oclif/core/flags'
import {modelFlags} from './model-flags.js'
import {corpusFlag, listFlag, modelFlag, numberFlag, sizeFlag, waitFlag, wholeFlag} from './flags.js'

/** The flags of `rag ingest`. */
export const ingestFlags = {
  dir: listFlag('folder to ingest; repeat it for more', 'DIR'),
  jsonl: Flags.string({
    description: 'JSON Lines of {"doc_id","title"?,"text","metadata"?,"chunks"?}; - for standard input',
    helpValue: 'FILE',
  }),
  'doc-id': Flags.string({description: 'id of the document on standard input', helpValue: 'ID'}),
  corpus: corpusFlag,
  model: modelFlag,
  ...modelFlags,
  types: Flags.string({description: 'read only these types: txt,md,json,…', helpValue: 'LIST'}),
  include: listFlag('read only paths that match; repeat it for more', 'GLOB'),
  exclude: listFlag('leave out paths that match; repeat it for more', 'GLOB'),
  'no-ignore': Flags.boolean({description: 'read also what .gitignore and .ragignore leave out'}),
  'max-file-size': sizeFlag('max-file-size', 'leave out files that are larger; default 64MB'),
  'chunk-size': wholeFlag('chunk-size', {description: 'tokens a chunk; kept with the corpus', least: 1}),
  'chunk-overlap': wholeFlag('chunk-overlap', {
    description: 'tokens a chunk repeats of the one before; kept with the corpus',
    least: 0,
  }),
  'batch-size': wholeFlag('batch-size', {description: 'documents a checkpoint; default 100', least: 1}),
  'embed-batch-size': wholeFlag('embed-batch-size', {
    description: 'texts given to the embedder at once',
    least: 1,
  }),
  force: Flags.boolean({description: 'read, cut and embed everything anew, changed or not'}),
  checksum: Flags.boolean({description: 'hash every file instead of trusting its size and time'}),
  prune: Flags.boolean({description: 'delete documents of these folders whose file is gone or left out now'}),
  'dry-run': Flags.boolean({description: 'say what would be done, and change nothing', char: 'n'}),
  'msgpack-out': Flags.string({
    description: 'let what is embedded also leave as batches for rag replay, beside those of earlier runs',
    helpValue: 'DIR',
  }),
  metrics: Flags.string({
    description: "write figures for Prometheus' textfile collector to this file",
    helpValue: 'FILE',
  }),
  wait: waitFlag,
  'id-prefix': Flags.string({
    description: 'put before each document id, such as handbook/',
    helpValue: 'TEXT',
  }),
  'text-only': Flags.boolean({
    description: 'make it searchable by keyword and leave the vectors for later',
  }),
  'no-cache': Flags.boolean({description: 'make vectors anew that are cached'}),
  sleep: numberFlag('sleep', {
    description: 'wait so long after each call of the embedder',
    helpValue: 'SECONDS',
    least: 0,
    most: 3600,
  }),
  'no-refit': Flags.boolean({description: 'do not fit the model anew, however much the corpus has grown'}),
  language: Flags.string({
    description: 'language of all documents (en, de, …); default: detected',
    helpValue: 'TAG',
  }),
  weight: numberFlag('weight', {
    description: 'weight of vectors in hybrid search, 0 to 1; kept with the corpus',
    least: 0,
    most: 1,
  }),
}
