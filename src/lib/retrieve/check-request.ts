import {usage} from '../model/errors.js'
import type {SearchRequest} from '../model/operations/query.js'

export const DEFAULT_TOP_K = 10
export const MAX_TOP_K = 1000
const MAX_CONTEXT = 20

/** @throws RagError USAGE for what no search can mean */
export function checkRequest({query, topK = DEFAULT_TOP_K, weight = 0, context = 0}: SearchRequest): void {
  if (query.trim() === '') throw usage('The query is empty.', 'Say what to look for: rag search "how do I …"')
  requireRange('--top-k', topK, [1, MAX_TOP_K])
  requireRange('--context', context, [0, MAX_CONTEXT])
  if (!(weight >= 0 && weight <= 1)) throw usage(`--weight must be between 0 and 1, not ${weight}.`)
}

function requireRange(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw usage(`${name} must be a whole number from ${low} to ${high}, not ${value}.`)
}
