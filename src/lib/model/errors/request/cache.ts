import {type RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** What is asked of the caches. */

export const notACacheTable = (unknown: readonly string[], tables: readonly string[]): RagError =>
  usage(
    `"${shorten(unknown.join('", "'))}" is no table of the cache.`,
    `They are: ${tables.join(', ')}; or all.`,
  )

export const nothingToPrune = (): RagError =>
  usage(
    'Say what is to go: --older-than AGE, --max-size SIZE, or both.',
    'Try: rag cache prune --older-than 30d',
  )

export const cachesOff = (): RagError =>
  usage('The caches are turned off: nothing would be kept.', 'Turn them on with RAG_CACHE=on.')
