/**
 * # replay: batches into a corpus
 *
 * **For**: loading MessagePack batches of records, with their vectors or without.
 *
 * **Terms**
 * - *batch*: a file of records, with a header or several; see docs/batch-format.md.
 * - *state file*: names the batches that are done.
 * - *reading*: what needs no store: unpack, decode, hash, make documents. It runs on a thread of its own from 4 MiB on.
 *
 * **Promises**
 * - Idempotent and resumable: what is stored already is passed over.
 * - A bad record is named and the rest is taken; a file that an export wrote is taken only as it was written.
 * - A batch that a manifest names and that is missing is named, and of a run that is not whole no deletion is applied.
 * - A batch is noted as done, or archived, only when all of it is safe, with its vectors.
 * - Memory is bounded whatever the size of a file.
 *
 * **Steps** (`replay.ts`)
 * ```
 *   paths ─► settings by the first header ─► lease ─► each file: read ─► accept vectors ─► new? ─► commit ─► what exports deleted
 *                                                                                    ─► embed the rest ─► done, archived ─► vacuum
 * ```
 */
export {missingBatches} from './exports/missing-batches.js'
export {packItems} from './reading/pack-items.js'
export {readRecords} from './reading/read-records.js'
export type {ReadingPart, ReadingRequest, ReadingService} from './reading/reading-request.js'
export {ReplayState} from './replay-state.js'
export {replay} from './replay.js'
export {withStateFile} from './use-replay-state.js'
