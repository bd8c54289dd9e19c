import * as Flags from '@oclif/core/flags'
import {corpusFlag, embedTimeoutFlag, filterFlag, listFlag, numberFlag, wholeFlag} from './flags.js'
import {SETTINGS, withEnv} from '../settings/settings.js'

/** The flags of `rag ask`. */
export const askFlags = {
  corpus: corpusFlag,
  'chat-model': Flags.string({
    description: withEnv(SETTINGS.chat_model.about, ...SETTINGS.chat_model.env),
    helpValue: 'NAME',
  }),
  extractive: Flags.boolean({description: 'answer with sentences of the documents, by no model'}),
  stream: Flags.boolean({description: 'print the answer as it comes; default: on a terminal', allowNo: true}),
  conversation: Flags.string({description: 'go on with this conversation, or begin it', helpValue: 'ID'}),
  user: Flags.string({description: 'keep a profile of what this person asks about', helpValue: 'ID'}),
  'profile-update': listFlag(
    'a fact to keep in the profile of --user; an empty value removes it',
    'KEY=VALUE',
  ),
  mode: Flags.option({
    description: 'sides to ask for chunks: words, meaning, or both fused',
    options: ['hybrid', 'keyword', 'vector'] as const,
  })(),
  'top-k': wholeFlag('top-k', {
    char: 'k',
    description: 'chunks to look through; default 12',
    least: 1,
    most: 100,
  }),
  filter: filterFlag(),
  'budget-tokens': wholeFlag('budget-tokens', {
    description: 'tokens of chunks to read at most; default 2000',
    least: 16,
    most: 1_000_000,
  }),
  'max-tokens': wholeFlag('max-tokens', {
    description: 'tokens that a chat model may write; default 512',
    least: 1,
    most: 100_000,
  }),
  'embed-timeout': embedTimeoutFlag,
  timeout: {
    ...numberFlag('timeout', {
      description: 'give a chat model up after so long; default 120',
      helpValue: 'SECONDS',
      least: 0.01,
      most: 86_400,
    }),
    aliases: ['budget-seconds'],
  },
  'no-cache': Flags.boolean({description: 'neither read nor write caches'}),
  refresh: Flags.boolean({description: 'answer anew, and keep that answer'}),
}
