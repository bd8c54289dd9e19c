import type {DocumentPut} from '../model/batch.js'
import type {Chunk} from '../model/chunk.js'
import type {SourceState} from '../model/document.js'
import type {Metadata} from '../model/metadata.js'
import {documentHash, FALLBACK_LANGUAGE, prepareChunk, type PrepareTools} from './prepare-document.js'

/** A piece of text that was cut elsewhere, with what is known of it. */
export interface ReadyChunk {
  readonly text: string
  /** Lower-case hex SHA-256 of the text, where it is known. */
  readonly contentHash?: string
  readonly metadata?: Metadata
  readonly vector?: Float32Array
  readonly heading?: readonly string[]
  /** First and last line; without them, those it would have if all chunks stood one below the other. */
  readonly lines?: readonly [number, number]
  readonly tokens?: number
  readonly overlap?: number
}

/** A document that comes cut into chunks. */
export interface ReadyDocument {
  readonly docId: string
  readonly title: string
  readonly metadata: Metadata
  readonly source: SourceState
  readonly chunks: readonly ReadyChunk[]
  /** Absent: detected. */
  readonly language?: string
  /** Absent: made from the chunks. */
  readonly docHash?: string
}

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
  return chunks.map(({text, lines, heading, tokens, overlap, contentHash, metadata, vector}, i) => {
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
      overlap: overlap ?? 0,
      tokens: tokens ?? estimateTokens(text),
      ...(contentHash === undefined ? {} : {contentHash}),
      ...(metadata ? {metadata} : {}),
      ...(vector ? {vector} : {}),
    }
  })
}

/** Ready-made chunks are not measured by the chunker; about four characters make a token. */
function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4)
}
