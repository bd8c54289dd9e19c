import type {Store} from '../../ports/store/store.js'
import {foundIn} from './byte-search.js'
import type {Needle, NeedleSet} from './needle-set.js'

/**
 * What rows still say proves nothing, wherever it is found: other documents with the same words, questions of people, names. Takes the
 * needles out that stand there, and the text of answers that repeat a removed document without naming it among their sources.
 */
export async function excludeStored(store: Store, sets: readonly NeedleSet[]): Promise<void> {
  for await (const page of store.readStoredTexts('rows')) {
    const bytes = Buffer.from(page.flatMap(({texts}) => texts).join('\n\0'))
    for (const set of sets) set.exclude(foundIn(set, bytes))
  }
  await excludeTerms(store, sets)
  await redactAnswers(store, sets)
}

/** Terms that an index names are looked for: those that find nothing are what a purge should have taken out of it. */
async function excludeTerms(store: Store, sets: readonly NeedleSet[]): Promise<void> {
  for await (const {corpusId, terms} of store.readIndexedTerms()) {
    const all = Buffer.from(terms.join('\n'))
    for (const set of sets.filter((one) => foundIn(one, all).size > 0))
      for (const term of terms) {
        const found = foundIn(set, Buffer.from(term))
        if (found.size === 0) continue
        const [hit] = await store.searchKeywords(corpusId, {terms: [term], limit: 1})
        if (hit) set.exclude(found)
      }
  }
}

async function redactAnswers(store: Store, sets: readonly NeedleSet[]): Promise<void> {
  for await (const page of store.readStoredTexts('answers')) {
    const repeating: number[] = []
    for (const {id, texts} of page) {
      const bytes = Buffer.from(texts.join('\n'))
      const found = sets.map((set) => foundIn(set, bytes))
      if (found.some((needles) => [...needles].some(({kind}) => kind === 'text'))) repeating.push(id)
      else sets.forEach((set, i) => set.exclude(found[i]!))
    }
    if (repeating.length > 0) await store.redactAnswers(repeating)
  }
}

/** Vectors that another chunk has too: of an equal text, or of all texts in which a model knows the same words. */
export async function excludeStoredVectors(
  store: Store,
  sets: readonly NeedleSet[],
  found: ReadonlySet<Needle>,
): Promise<void> {
  if (![...found].some(({kind}) => kind === 'vectors')) return
  for await (const page of store.readStoredVectors()) {
    const bytes = Buffer.concat(
      page.map(({buffer, byteOffset, byteLength}) => new Uint8Array(buffer, byteOffset, byteLength)),
    )
    for (const set of sets) set.exclude(foundIn(set, bytes))
  }
}
