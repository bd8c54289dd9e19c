import type {Filter, Metadata, MetadataValue} from '../../../src/lib/model/metadata.js'
import {globMatches} from './memory-glob.js'
import type {DocumentRow} from './memory-state.js'
import {compareText} from './memory-text-order.js'

/** What filters look at: a document, or a chunk with its document's fields and the metadata of both. */
export type Filtered = Pick<DocumentRow, 'docId' | 'title' | 'source' | 'language' | 'metadata'>

/** Whether a document or chunk passes all filters. */
export function passes(subject: Filtered, filters: readonly Filter[] = []): boolean {
  return filters.every((filter) => {
    const {op} = filter
    return op === '!=' ? !holds(subject, {...filter, op: '='}) : holds(subject, {...filter, op})
  })
}

/** A condition that says something; `!=` is the contrary of `=`. */
type Positive = Filter & {readonly op: '=' | '<' | '<=' | '>' | '>='}

function holds(subject: Filtered, filter: Positive): boolean {
  switch (filter.field) {
    case 'doc_id':
      return globs(subject.docId, filter)
    case 'source':
      return globs(subject.source.source, filter)
    case 'title':
      return compares(subject.title, filter)
    case 'language':
      return compares(subject.language, filter)
    default:
      return compares(valueAt(subject.metadata, filter.field), filter)
  }
}

function globs(text: string, filter: Positive): boolean {
  return filter.op === '=' ? globMatches(filter.value, text) : compares(text, filter)
}

function valueAt(metadata: Metadata, path: string): MetadataValue | undefined {
  let value: MetadataValue | undefined = metadata
  for (const key of path.split('.')) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

const isMap = (value: MetadataValue | undefined): value is {readonly [key: string]: MetadataValue} =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function compares(value: MetadataValue | undefined, filter: Positive): boolean {
  if (typeof value === 'string') return inOrder(compareText(value, filter.value), filter.op)
  if (typeof value === 'number')
    return NUMBER.test(filter.value) && inOrder(value - Number(filter.value), filter.op)
  if (typeof value === 'boolean' || value === null) return filter.op === '=' && String(value) === filter.value
  if (Array.isArray(value)) return value.some((element: MetadataValue) => compares(element, filter))
  return false
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/

function inOrder(difference: number, op: Positive['op']): boolean {
  switch (op) {
    case '=':
      return difference === 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
  }
}
