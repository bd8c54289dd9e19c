import * as Flags from '@oclif/core/flags'
import {modelFlags} from './model-flags.js'
import {corpusFlag, listFlag, modelFlag, numberFlag, waitFlag, wholeFlag} from './flags.js'

/** Flags of commands that load batches. */
export const batchFlags = {
  glob: listFlag("pattern of batch files, in quotes: 'DIR/*.msgpack'; repeat it for more", 'PATTERN'),
  corpus: corpusFlag,
  model: modelFlag,
  ...modelFlags,
  reembed: Flags.boolean({description: 'make all vectors anew by the model of the corpus'}),
  'skip-existing': Flags.boolean({description: 'pass over records whose content is stored already'}),
  'dummy-fill': wholeFlag('dummy-fill', {
    description: 'store zeros of this length where a vector is missing and can not be made here',
    helpValue: 'DIM',
    least: 1,
    most: 16_384,
  }),
  'embed-batch-size': wholeFlag('embed-batch-size', {
    description: 'texts given to the embedder at once',
    least: 1,
  }),
  sleep: numberFlag('sleep', {
    description: 'wait so long after each call of the embedder',
    helpValue: 'SECONDS',
    least: 0,
    most: 3600,
  }),
  archive: Flags.string({description: 'move files that were loaded whole to this folder', helpValue: 'DIR'}),
  compress: Flags.boolean({description: 'with --archive: gzip them on their way', dependsOn: ['archive']}),
  'state-file': Flags.string({
    description: 'JSON array of files that are done; those are not read again until they change',
    helpValue: 'FILE',
  }),
  metrics: Flags.string({
    description: "write figures for Prometheus' textfile collector to this file",
    helpValue: 'FILE',
  }),
  wait: waitFlag,
}

/** The flags of `rag replay`. */
export const replayFlags = {
  ...batchFlags,
  strict: Flags.boolean({description: 'stop at the first bad record'}),
  'dry-run': Flags.boolean({
    description: 'read and check everything, say what would be done, and change nothing',
    char: 'n',
  }),
}
