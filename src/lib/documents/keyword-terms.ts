import type {Analyser} from '../ports/analyser.js'
import type {KeywordEntry} from '../ports/store/store.js'
import type {PendingChunk} from '../model/embedding.js'

/** The terms that the keyword index should hold of a stored chunk, by the analyser as it is now. */
export async function storedTerms(analyser: Analyser, {chunkId, input}: PendingChunk): Promise<KeywordEntry> {
  const language = input.language ?? ''
  await analyser.prepare([language])
  const head = [input.title ?? '', ...(input.heading ?? [])].join('\n')
  return {
    chunkId,
    title: analyser.terms(head, language).join(' '),
    body: analyser.terms(input.text, language).join(' '),
  }
}
