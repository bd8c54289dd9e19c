import {badName} from './errors/corpus/names.js'

declare const brand: unique symbol
type Branded<T, Name extends string> = T & {readonly [brand]: Name}

/** `name` or `tenant/name`; each part is 1–64 of `[a-z0-9._-]` and begins with a letter or digit. */
export type CorpusName = Branded<string, 'CorpusName'>

const PART = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Parses a corpus name. The only place that makes one. @throws RagError BAD_NAME */
export function corpusName(raw: string): CorpusName {
  const parts = raw.split('/')
  if (parts.length <= 2 && parts.every((part) => PART.test(part))) return raw as CorpusName
  throw badName(raw)
}

/** The tenant of a corpus name, or the empty text when it has none. */
export function tenantOf(name: CorpusName): string {
  const slash = name.indexOf('/')
  return slash < 0 ? '' : name.slice(0, slash)
}

/** The name without its tenant. */
export function namespaceOf(name: CorpusName): string {
  return name.slice(name.indexOf('/') + 1)
}

/** A chunk's public name: the document's id and the chunk's place in it, counted from 1: `guide.md#c0003`. */
export function chunkName(docId: string, ordinal: number): string {
  return `${docId}#c${String(ordinal).padStart(4, '0')}`
}
