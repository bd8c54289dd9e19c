/**
 * # kernel: how work is run
 *
 * **For**: what every stage needs to run work and none is about: worker threads, retries, ordering, turns of the event loop, waiting for a lock.
 *
 * **Terms**
 * - *service*: what a worker thread serves: calls (a request, an answer) and streams (a request, parts in order).
 * - *transient*: a fault that passes by itself; only such are tried again.
 *
 * **Promises**
 * - An error keeps code, hint and cause across threads. A thread that ends fails every call that waits for it; none hangs.
 * - Parts of a stream are ahead of their reader by a bounded number of bytes.
 * - Results come in the order of their items, whichever is done first.
 * - Nothing here reads a clock or a random number by itself.
 *
 * **Steps** of a call to a thread
 * ```
 *   WorkerThread.call ──request──► serveThread ──► service
 *         ▲                            │
 *         └──── answer │ part │ failure┘   part taken ──► room for the next
 * ```
 */
export {BytesAhead} from './bytes-ahead.js'
export {fewAtOnce} from './few-at-once.js'
export {mapInOrder} from './in-order.js'
export {nextTurn} from './next-turn.js'
export {backoffMs, isTransientStatus, retry, retryAfterMs, type RetryTools} from './retry.js'
export {sleep} from './sleep.js'
export {serveThread} from './threads/serve-thread.js'
export {HandedOver, type StreamPart} from './threads/service.js'
export {WorkerThread} from './threads/worker-thread.js'
export {waitFor} from './wait-for.js'
