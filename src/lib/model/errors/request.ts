import {RagError} from './rag-error.js'

/** Requests that make no sense, by whichever operation. */

export const emptyQuery = (): RagError =>
  new RagError('USAGE', 'The query is empty.', {hint: 'Say what to look for: rag search "how do I …"'})

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
