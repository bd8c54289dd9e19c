import type {Citation} from '../model/operations/answer.js'
import type {Excerpt, ExcerptPart} from './excerpt.js'

/** An answer with its citations, before it is reported. */
export interface CitedAnswer {
  readonly text: string
  readonly citations: readonly Citation[]
}

/** Numbers chunks in the order in which they are cited; the lines of a citation grow with what is cited of the chunk. */
export interface CitationList {
  cite(excerpt: Excerpt, part: ExcerptPart, lines: readonly [number, number]): number
  list(): readonly Citation[]
}

export function citationsOf(): CitationList {
  const cited = new Map<string, Citation>()
  return {
    cite({docId, title, heading}, {chunkId}, lines) {
      const known = cited.get(chunkId)
      const n = known?.n ?? cited.size + 1
      const from = Math.min(lines[0], known?.lines[0] ?? lines[0])
      const to = Math.max(lines[1], known?.lines[1] ?? lines[1])
      cited.set(chunkId, {n, docId, chunkId, title, heading, lines: [from, to]})
      return n
    },
    list: () => [...cited.values()],
  }
}
