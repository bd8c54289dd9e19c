import type {MetadataValue} from '../model/metadata.js'
import {cleanUnescaped} from './clean-text.js'

const MAX_DEPTH = 8
const MAX_VALUES = 10_000

/**
 * Makes any parsed value (JSON, YAML with maps as `Map`) one that metadata may hold. Dates become ISO text, numbers that JSON lacks
 * become text, `__proto__` keys are dropped at every level; what is nested over 8 deep becomes null.
 * @throws RangeError when there are over 10,000 values (aliases may multiply them)
 */
export function metadataValue(value: unknown): MetadataValue {
  return convert(value, 0, {left: MAX_VALUES})
}

function convert(value: unknown, depth: number, budget: {left: number}): MetadataValue {
  if (budget.left-- <= 0) throw new RangeError(`over ${MAX_VALUES} values`)
  if (value === null || value === undefined || depth > MAX_DEPTH) return null
  if (typeof value === 'string') return cleanUnescaped(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return typeof value === 'object' ? convertObject(value, depth, budget) : String(value)
}

function convertObject(value: object, depth: number, budget: {left: number}): MetadataValue {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1, budget))
  return convertEntries(value instanceof Map ? [...value] : Object.entries(value), depth, budget)
}

function convertEntries(
  entries: readonly (readonly [unknown, unknown])[],
  depth: number,
  budget: {left: number},
): Record<string, MetadataValue> {
  const kept: [string, MetadataValue][] = []
  for (const [key, item] of entries) {
    if (typeof key === 'object' && key !== null) continue
    if (key !== '__proto__') kept.push([cleanUnescaped(String(key)), convert(item, depth + 1, budget)])
  }
  return Object.fromEntries(kept)
}
