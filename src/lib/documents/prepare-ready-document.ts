import type {DocumentPut} from '../model/batch.js'
import type {Chunk} from '../model/chunk.js'
import type {ReadyChunk, ReadyDocument} from '../model/ready-document.js'
import {documentHash, FALLBACK_LANGUAGE, prepareChunk, type PrepareTools} from './prepare-document.js'

/** Analyses and hashes a document as it was cut. */
export async function prepareReadyDocument(tools: PrepareTools, ready: ReadyDocument): Promise<DocumentPut> {
  const {docId, title, metadata, source, chunks} = ready
  const texts = chunks.map((chunk) => chunk.text)
  const language = ready.language ?? tools.analyser.detect(texts.join('\n\n'), FALLBACK_LANGUAGE)
  await tools.analyser.prepare([language])
  return {
    docId,
    docHash: ready.docHash ?? documentHash(tools, JSON.stringify(texts)),
    title,
    language,
    source,
    metadata,
    chunks: placed(chunks).map((chunk) => prepareChunk(tools, {title, language}, chunk)),
  }
}

type PlacedChunk = Omit<Chunk, 'start' | 'end'> & Pick<ReadyChunk, 'metadata' | 'vector' | 'contentHash'>

function placed(chunks: readonly ReadyChunk[]): readonly PlacedChunk[] {
  let line = 1
  return chunks.map(({text, lines, place, heading, tokens, overlap, contentHash, metadata, vector}, i) => {
    const startLine = lines?.[0] ?? line
    const endLine = lines?.[1] ?? startLine + text.split('\n').length - 1
    line = endLine + 2
    // Field by field: to copy "the rest" of a chunk takes longer than to hash it.
    return {
      ordinal: i + 1,
      text,
      heading: heading ?? [],
      startLine,
      endLine,
      place,
      overlap: overlap ?? 0,
      tokens: tokens ?? estimateTokens(text),
      contentHash,
      metadata,
      vector,
    }
  })
}

/** Ready-made chunks are not measured by the chunker; about four characters make a token. */
function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4)
}
