/**
 * # ingest: folders, files and lines into a corpus
 *
 * **For**: reading documents where they lie, finding what is new, and taking the rest of the way: `documents`, `embedding`, `indexing`, `export`.
 *
 * **Terms**
 * - *source*: where a document came from: path, size, time, hash.
 * - *unchanged*: a document whose source or text is as before; it is passed over.
 * - *prune*: remove documents whose file is gone, or left out by rules now.
 *
 * **Promises**
 * - Idempotent and resumable: the same call again does what is left.
 * - What can't be read is named with the reason, and the rest goes on.
 * - Text first: every document is found by keyword before the first vector is made.
 * - Nothing is removed because a folder, or the rules for it, could not be read.
 *
 * **Steps** (`ingest-documents.ts`)
 * ```
 *   inputs there? ─► settings, model ─► lease ─► keyword index fresh? ─► plan ─► read, cut, commit ─► embed ─► batches out ─► vacuum
 * ```
 * A crash leaves whole batches, a version in state `building`, or orphans; the next run takes all of them up.
 */
export {ingestDocuments, planDocuments} from './ingest-documents.js'
export {listDocuments, showDocument, upsertDocument} from './upsert-document.js'
