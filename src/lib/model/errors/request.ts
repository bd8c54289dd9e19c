import {RagError} from './rag-error.js'

/** Requests that make no sense, by whichever operation. */

export const usage = (message: string, hint?: string): RagError =>
  new RagError('USAGE', message, hint === undefined ? {} : {hint})

export const emptyQuery = (): RagError =>
  new RagError('USAGE', 'The query is empty.', {hint: 'Try: rag search "sick leave"'})

export const emptyQuestion = (): RagError =>
  new RagError('USAGE', 'The question is empty.', {
    hint: 'Try: rag ask "how many days of sick leave do I have?"',
  })

export const weightOutOfRange = (weight: number): RagError =>
  new RagError('USAGE', `--weight must be between 0 and 1, not ${weight}.`)

export const notWholeInRange = (
  flag: string,
  value: number,
  [low, high]: readonly [number, number],
): RagError => new RagError('USAGE', `${flag} must be a whole number from ${low} to ${high}, not ${value}.`)

/** `variable` is the one of the environment that names the proxy. */
export const badProxy = (variable: 'HTTPS_PROXY' | 'HTTP_PROXY'): RagError =>
  new RagError('CONFIG_INVALID', `${variable} is not the http(s) address of a proxy.`, {
    hint: 'Set it to something like http://proxy.example:3128, or unset it.',
  })
