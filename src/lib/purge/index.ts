/**
 * # purge: documents that are removed for good
 *
 * **For**: hard deletes, which end only when nothing of the documents is left in any file, and are finished by whoever comes next when they
 * were cut off.
 *
 * **Terms**
 * - *purge*: a removal for good, on the list of the store from the transaction that removes the rows until it is proved.
 * - *remains*: what the store holds of a document, older versions and softly deleted rows included.
 * - *document key*: a hash that stands for a document's id once that must not be kept any more.
 *
 * **Promises**
 * - The rows go in one transaction, which writes down what is left to do; killed at any instant after it, the purge is finished by the next
 *   write to the corpus, by `verify --repair`, or by the same command.
 * - What is written down can't be read as words of what was removed.
 * - A purge leaves the list only when the proof found nothing.
 *
 * **Steps** (`purge-documents.ts`, `finish-purges.ts`)
 * ```
 *   purgeDocuments  remains ─► rows go, purge on the list ─► finishPurges
 *   finishPurges    purgeFacts ─► planPurge ─► versions, segments, model ─► caches ─► proof ─► off the list
 *                   reads only      pure
 * ```
 */
export {documentsOf, finishPurges, finishPurgesFirst} from './finish-purges.js'
export {purgeDocuments} from './purge-documents.js'
