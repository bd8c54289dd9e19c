import type {ChunkPut, DocumentPut} from '../model/batch.js'
import type {Chunk} from '../model/chunk.js'
import type {LoadedDocument, SourceState} from '../model/document.js'
import type {Metadata} from '../model/metadata.js'
import type {Analyser} from '../ports/analyser.js'
import type {Chunker} from '../ports/chunker.js'
import type {Digest} from '../ports/surroundings.js'

export interface PrepareTools {
  readonly chunker: Chunker
  readonly analyser: Analyser
  readonly digest: Digest
}

/** Raised when readers or hashing change in a way that makes other documents of the same files. */
const READER_VERSION = 3

/** The language that is assumed when a text does not tell. */
export const FALLBACK_LANGUAGE = 'en'

/** What a document is prepared by. Another fingerprint means that its chunks may come out differently. */
export function pipelineFingerprint(
  {chunker}: Pick<PrepareTools, 'chunker'>,
  language: string | undefined,
): string {
  return `reader-${READER_VERSION};${chunker.fingerprint};language=${language ?? 'detect'}`
}

export interface Preparation {
  readonly docId: string
  readonly document: LoadedDocument
  readonly source: SourceState
  /** Laid under what the document says of itself. */
  readonly metadata: Metadata
  readonly language?: string | undefined
}

/** Cuts, analyses and hashes a document: everything that the store keeps of it, but for vectors. */
export async function prepareDocument(tools: PrepareTools, preparation: Preparation): Promise<DocumentPut> {
  const {document} = preparation
  const language =
    preparation.language ?? document.language ?? tools.analyser.detect(document.text, FALLBACK_LANGUAGE)
  await tools.analyser.prepare([language])
  const context = {title: document.title, language}
  return {
    docId: preparation.docId,
    docHash: documentHash(tools, document.text, placesOf(document)),
    title: document.title,
    language,
    source: preparation.source,
    metadata: {...preparation.metadata, ...document.metadata},
    chunks: tools.chunker.chunk(document).map((chunk) => prepareChunk(tools, context, chunk)),
  }
}

/** SHA-256 over the normalised text, the chunker's fingerprint and where the text stands in its source. */
export function documentHash({digest, chunker}: PrepareTools, text: string, places = ''): string {
  return digest.sha256(`${chunker.fingerprint}\0${text}${places}`)
}

/** What the places of chunks depend on beside the text; empty for a text that is its source line by line. */
function placesOf({firstLine, places}: LoadedDocument): string {
  if (places) return `\0${JSON.stringify(places)}`
  return firstLine === 1 ? '' : `\0${firstLine}`
}

/** What a chunk's keyword entry and vector depend on besides its own text. */
export interface ChunkContext {
  readonly title: string
  readonly language: string
}

export function prepareChunk(
  {analyser, digest}: PrepareTools,
  {title, language}: ChunkContext,
  chunk: Omit<Chunk, 'start' | 'end'> & {
    readonly metadata?: Metadata | undefined
    readonly vector?: Float32Array | undefined
    readonly contentHash?: string | undefined
  },
): ChunkPut {
  const head = [title, ...chunk.heading].join('\n')
  return {
    ordinal: chunk.ordinal,
    text: chunk.text,
    heading: chunk.heading,
    startLine: chunk.startLine,
    endLine: chunk.endLine,
    tokens: chunk.tokens,
    overlap: chunk.overlap,
    place: chunk.place,
    contentHash: chunk.contentHash ?? digest.sha256(chunk.text),
    inputHash: digest.sha256(`${language}\0${head}\0${chunk.text}`),
    terms: {
      title: analyser.terms(head, language).join(' '),
      body: analyser.terms(chunk.text, language).join(' '),
    },
    metadata: chunk.metadata,
    vector: chunk.vector,
  }
}
