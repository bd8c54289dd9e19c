import * as Flags from '@oclif/core/flags'
import {corpusFlag, filterFlag, numberFlag, wholeFlag} from './flags.js'
import {SETTINGS, withEnv} from '../settings/settings.js'

/** The flags of `rag examples build`, but for `--out`. */
export const examplesFlags = {
  corpus: corpusFlag,
  'msgpack-out': Flags.string({
    description: 'also write the examples as a MessagePack batch, which rag replay takes',
    helpValue: 'FILE',
  }),
  'per-doc': wholeFlag('per-doc', {description: 'most examples a document; default 5', least: 1, most: 1000}),
  seed: wholeFlag('seed', {
    description: 'decides between examples that are equally good; default 0',
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
  }),
  filter: filterFlag(),
  'chat-model': Flags.string({
    description: withEnv(SETTINGS.chat_model.about, ...SETTINGS.chat_model.env),
    helpValue: 'NAME',
  }),
  extractive: Flags.boolean({description: 'let no model write the examples, also when one is configured'}),
  timeout: numberFlag('timeout', {
    description: 'give a chat model up after so long for a document; default 120',
    helpValue: 'SECONDS',
    least: 0.01,
    most: 86_400,
  }),
  force: Flags.boolean({description: 'replace files that hold something else than examples'}),
  'dry-run': Flags.boolean({description: 'write nothing and ask no model; say what would be made'}),
}
