import type {DocumentPut} from '../model/batch.js'
import type {LoadFault} from '../model/document.js'
import type {Metadata} from '../model/metadata.js'
import type {IngestTarget, IngestTools} from './ingest-tools.js'
import {pipelineFingerprint, prepareDocument} from './prepare-document.js'

export interface GivenText {
  readonly docId: string
  readonly bytes: Uint8Array
  /** Where it came from, in a word. */
  readonly source: string
  /** Laid over what the document says of itself. */
  readonly metadata: Metadata
  readonly title?: string | undefined
  readonly target: Pick<IngestTarget, 'language'>
}

export interface PreparedText {
  readonly document: DocumentPut
  readonly faults: readonly LoadFault[]
}

/** Prepares a document that is not a file. Its id's ending chooses the reader; without a known one it is plain text. */
export async function prepareText(tools: IngestTools, given: GivenText): Promise<PreparedText> {
  const {docId, bytes, target} = given
  const name = docId.slice(docId.lastIndexOf('/') + 1)
  const loader = tools.loaders.find(name) ?? tools.loaders.find('text.txt')!
  // Before the loader, which may take the bytes over.
  const facts = {sizeBytes: bytes.length, sha256: tools.digest.sha256(bytes), readAtMs: tools.clock.now()}
  const loaded = await loader.load({name, bytes})
  const document = {
    ...loaded,
    title: given.title ?? loaded.title,
    metadata: {...loaded.metadata, ...given.metadata},
  }
  const prepared = await prepareDocument(tools, {
    docId,
    document,
    source: {
      source: given.source,
      ...facts,
      pipeline: pipelineFingerprint(tools, target.language),
    },
    metadata: {file_type: loader.type},
    language: target.language,
  })
  return {document: prepared, faults: loaded.faults ?? []}
}
