import {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Queries and questions. */

export const emptyQuery = (): RagError =>
  new RagError('USAGE', 'The query is empty.', {hint: 'Try: rag search "sick leave"'})

export const emptyQuestion = (): RagError =>
  new RagError('USAGE', 'The question is empty.', {
    hint: 'Try: rag ask "how many days of sick leave do I have?"',
  })

export const queryTwice = (): RagError => usage('Give either a query or --queries FILE, not both.')

export const twoAnswerers = (): RagError =>
  usage('--extractive means without a chat model: give either it or --chat-model, not both.')

export const weightOutOfRange = (weight: number): RagError =>
  new RagError('USAGE', `--weight must be between 0 and 1, not ${weight}.`)

export const notWholeInRange = (
  flag: string,
  value: number,
  [low, high]: readonly [number, number],
): RagError => new RagError('USAGE', `${flag} must be a whole number from ${low} to ${high}, not ${value}.`)
