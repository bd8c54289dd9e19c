/**
 * # watch: keep loading what is new
 *
 * **For**: `rag watch`: batches that match a pattern, or documents of a folder, taken in as they come.
 *
 * **Terms**
 * - *round*: one time that everything watched is compared with what is done.
 * - *settled*: a file that has not changed for a while.
 * - *set aside*: a batch that failed too often is renamed, with the reason beside it.
 *
 * **Promises**
 * - A batch is done only when `replay` says that it is whole in the store; of two watchers one takes it.
 * - A fault that passes by itself is waited for, longer each time, and counts against no batch.
 * - Events only make the next round come early: without them nothing is missed.
 *
 * **Steps** (`watch-loop.ts`)
 * ```
 *   round ─► due? settled? ─► replay or ingest ─► how it went ─► pause, or until an event ─► round …
 * ```
 */
export {watch, type WatchOptions} from './watch.js'
