/**
 * # documents: from a text to committed rows
 *
 * **For**: ingest and replay alike: cut a text into chunks, analyse these, gather documents into batches, commit.
 *
 * **Terms**
 * - *prepared document*: a document with its chunks, their terms and, when they came along, their vectors; ready for a commit.
 * - *ready document*: one that came cut into chunks.
 * - *batch*: the documents of one commit.
 *
 * **Promises**
 * - A batch is committed whole or not at all, and durable when the call returns; a document is found by keyword from then on.
 * - What the keyword index holds of a chunk is decided in one place, for a first ingest, a rebuild and a verification.
 * - Chunks whose input did not change keep their row and vector.
 *
 * **Steps**
 * ```
 *   text ─► Chunker ─► Analyser ─► prepared document ─► BatchWriter ─► Store.commit
 * ```
 */
export {BatchWriter} from './batch-writer.js'
export type {IngestTarget, IngestTools, StageCall} from './ingest-tools.js'
export {storedTerms} from './keyword-terms.js'
export {ingestTools} from './open-ingest-tools.js'
export {
  FALLBACK_LANGUAGE,
  pipelineFingerprint,
  prepareDocument,
  type PrepareTools,
} from './prepare-document.js'
export {prepareReadyDocument} from './prepare-ready-document.js'
export {prepareText} from './prepare-text.js'
