import * as Flags from '@oclif/core/flags'
import {listFlag, numberFlag, wholeFlag} from './flags.js'
import {batchFlags} from './replay-flags.js'

/** The flags of `rag watch`. */
export const watchFlags = {
  ...batchFlags,
  dir: listFlag('folder of documents to keep a corpus in step with; repeat it for more', 'DIR'),
  interval: numberFlag('interval', {
    description: 'seconds between two rounds; default 15',
    helpValue: 'SECONDS',
    least: 0.1,
    most: 86_400,
  }),
  settle: numberFlag('settle', {
    description: 'leave files alone that were written less than so long ago; default 2',
    helpValue: 'SECONDS',
    least: 0,
    most: 86_400,
  }),
  'max-failures': wholeFlag('max-failures', {
    description: 'after so many failures a batch is set aside as NAME.failed; default 5',
    least: 1,
  }),
  notify: Flags.boolean({
    description: 'begin a round as soon as the system reports a change, besides the interval',
  }),
  once: Flags.boolean({description: 'one round, and end; for cron'}),
}
