/**
 * # purge: documents that are removed for good
 *
 * **For**: hard deletes, which end only when nothing of the documents is left in any file, and are finished by whoever comes next when they
 * were cut off.
 *
 * **Terms**
 * - *purge*: a removal for good, on the list of the store from the transaction that removes the rows until it is proved.
 * - *remains*: what the store holds of a document, older versions and softly deleted rows included.
 * - *needle*: a hash of bytes that must not be found: a piece of text, a word or term, a piece of a vector in one of the ways it is written.
 * - *document key*: a hash that stands for a document's id once that must not be kept any more.
 *
 * **Promises**
 * - The rows go in one transaction, which writes down what is left to do; killed at any instant after it, the purge is finished by the next
 *   write to the corpus, by `verify --repair`, or by the same command.
 * - What is written down can't be read as words of what was removed.
 * - A purge leaves the list only when every byte of every file below the data folder, the folder of indexes and that of caches was read, and
 *   nothing of the documents was found in a file that is rag's; what is not rag's to change is named. Nothing is asked for by its name.
 * - What other rows still say is no evidence: equal texts of other documents, questions that people asked.
 *
 * **Steps** (`purge-documents.ts`, `finish-purges.ts`, `clear-bytes.ts`)
 * ```
 *   purgeDocuments  remains ─► rows go, purge on the list ─► finishPurges
 *   finishPurges    purgeFacts ─► planPurge ─► clearFiles ─► caches ─► clearBytes ─► off the list
 *                   reads only      pure                                 │  ▲
 *                                                        proveAbsence ◄──┘  └── removeFound, by stronger means
 * ```
 */
export {finishPurges, finishPurgesFirst} from './finish-purges.js'
export {purgeDocuments} from './purge-documents.js'
export type {PurgeNeeds} from './purge-needs.js'
