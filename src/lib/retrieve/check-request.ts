import {emptyQuery, notWholeInRange, weightOutOfRange} from '../model/errors/request/search.js'
import type {SearchRequest} from '../model/operations/query.js'

export const DEFAULT_TOP_K = 10
export const MAX_TOP_K = 1000
const MAX_CONTEXT = 20

/** @throws RagError USAGE for what no search can mean */
export function checkRequest({query, topK = DEFAULT_TOP_K, weight = 0, context = 0}: SearchRequest): void {
  if (query.trim() === '') throw emptyQuery()
  requireRange('--top-k', topK, [1, MAX_TOP_K])
  requireRange('--context', context, [0, MAX_CONTEXT])
  if (!(weight >= 0 && weight <= 1)) throw weightOutOfRange(weight)
}

function requireRange(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!Number.isInteger(value) || value < low || value > high) throw notWholeInRange(name, value, [low, high])
}
