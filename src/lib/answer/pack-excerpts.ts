import type {StoredChunk} from '../model/chunk.js'
import type {Hit} from '../model/operations/query.js'
import {countTokens} from '../text/chunking/count-tokens.js'
import {splitSentences} from '../text/sentences/split-sentences.js'
import type {Excerpt, ExcerptPart} from './excerpt.js'

/** Another chunk of a document already taken counts so much less: several documents come before many chunks of one. */
const SAME_DOCUMENT = 0.85
/** Two chunks of whose rarer words so many are shared say the same. */
const NEAR_DUPLICATE = 0.85
/** Hits that score less than this share of the best are left out. */
const LEAST_SHARE = 0.2

/** A hit with its chunk as the store has it. */
export interface FoundChunk {
  readonly hit: Hit
  readonly chunk: StoredChunk
}

/**
 * Chooses from hits, best first, what fits into so many tokens: near-duplicates left out, several documents before many chunks of one.
 * Chunks that are neighbours become one excerpt without doubling their overlap. Within a document source order holds; documents
 * come in the order of their best chunk. At least one excerpt is given, cut to the budget if need be.
 */
export function packExcerpts(found: readonly FoundChunk[], budgetTokens: number): readonly Excerpt[] {
  const chosen = choose(found, budgetTokens)
  const documents = new Map<string, FoundChunk[]>()
  for (const it of chosen) {
    const list = documents.get(it.hit.docId)
    if (list) list.push(it)
    else documents.set(it.hit.docId, [it])
  }
  const runs = [...documents.values()].flatMap(neighbours)
  return runs.map((run, i) => excerptOf(run, i + 1))
}

function choose(found: readonly FoundChunk[], budgetTokens: number): FoundChunk[] {
  const best = Math.max(0, ...found.map(({hit}) => hit.score))
  const left = found.filter(({hit}) => hit.score >= LEAST_SHARE * best)
  const chosen: FoundChunk[] = []
  const taken = new Map<string, number>()
  const seen: ReadonlySet<string>[] = []
  let tokens = 0
  while (left.length > 0) {
    const next = takeBest(left, taken)
    const words = wordsOf(next.chunk.text)
    if (seen.some((others) => share(words, others) > NEAR_DUPLICATE)) continue
    const cost = countTokens(next.chunk.text)
    if (tokens + cost > budgetTokens) {
      if (chosen.length === 0) return [shortened(next, budgetTokens)]
      continue
    }
    tokens += cost
    seen.push(words)
    taken.set(next.hit.docId, (taken.get(next.hit.docId) ?? 0) + 1)
    chosen.push(next)
  }
  return chosen
}

/** Removes the hit that counts most by now; the earliest of equals. */
function takeBest(left: FoundChunk[], taken: ReadonlyMap<string, number>): FoundChunk {
  let at = 0
  let most = -Infinity
  left.forEach(({hit}, i) => {
    const value = hit.score * SAME_DOCUMENT ** (taken.get(hit.docId) ?? 0)
    if (value > most) [at, most] = [i, value]
  })
  return left.splice(at, 1)[0]!
}

/** As many whole sentences as fit; of a sentence that is longer, its beginning. */
function shortened({hit, chunk}: FoundChunk, budgetTokens: number): FoundChunk {
  let end = 0
  for (const [, to] of splitSentences(chunk.text)) {
    if (countTokens(chunk.text.slice(0, to)) > budgetTokens) break
    end = to
  }
  const text = end > 0 ? chunk.text.slice(0, end) : chunk.text.slice(0, 4 * budgetTokens)
  return {hit, chunk: {...chunk, text}}
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const least = Math.min(a.size, b.size)
  if (least < 8) return a.size === b.size && [...a].every((word) => b.has(word)) ? 1 : 0
  let both = 0
  for (const word of a) if (b.has(word)) both++
  return both / least
}

/** Runs of chunks that follow one another, in source order. */
function neighbours(chunks: readonly FoundChunk[]): FoundChunk[][] {
  const runs: FoundChunk[][] = []
  for (const it of [...chunks].sort((a, b) => a.chunk.ordinal - b.chunk.ordinal)) {
    const last = runs.at(-1)
    if (last?.at(-1)!.chunk.ordinal === it.chunk.ordinal - 1) last.push(it)
    else runs.push([it])
  }
  return runs
}

function excerptOf(run: readonly FoundChunk[], n: number): Excerpt {
  const [{hit, chunk}] = run as [FoundChunk]
  const parts = run.map(({hit, chunk}, i): ExcerptPart => ({
    chunkId: hit.chunkId,
    text: i === 0 ? chunk.text : chunk.text.slice(chunk.overlap),
    place: hit.place,
    score: hit.score,
    begunBefore: i === 0 && chunk.overlap > 0,
  }))
  const score = Math.max(...parts.map((part) => part.score))
  return {n, docId: hit.docId, title: hit.title, heading: hit.heading, language: chunk.language, parts, score}
}
