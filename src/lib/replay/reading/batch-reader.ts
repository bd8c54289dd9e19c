import type {WorkerThread} from '../../kernel/threads/worker-thread.js'
import {unpackItems} from './pack-items.js'
import {readRecords, type ReadEvent, type ReadRecords} from './read-records.js'
import type {DocumentPut} from '../../model/batch.js'
import type {CorpusSettings} from '../../model/corpus.js'
import type {Services} from '../../ports/services.js'
import {HandedVectors} from './handed-vectors.js'
import type {ReadingRequest, ReadingService} from './reading-request.js'

/** From so many bytes of files on a thread reads: before, it would be started only to see the end. About 2,500 records of 384 numbers. */
export const THREAD_FROM_BYTES = 4 * 1024 ** 2

/** What it makes is soon handed over; with more room it would let garbage pile up, though it could not read larger records. */
const THREAD_LIMITS = {maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024}

type Thread = WorkerThread<ReadingService>

/** Reads the files of a call: small ones on this thread, what is more on one of its own, while this one stores. */
export interface ReplayReader {
  readonly read: ReadRecords
  foresee(isWanted: boolean): void
  /** Called with documents that are stored and used no more: the memory of their vectors is given back. */
  release(documents: readonly DocumentPut[]): void
  close(): Promise<void>
}

export interface ReadingOptions {
  readonly settings: CorpusSettings
  readonly isWanted: boolean
  readonly threadFromBytes?: number | undefined
}

export function replayReader(
  services: Pick<Services, 'threads' | 'digest' | 'analyser' | 'memory' | 'workerUrl'>,
  {settings, isWanted, threadFromBytes = THREAD_FROM_BYTES}: ReadingOptions,
): ReplayReader {
  const wanted = new Int32Array(new SharedArrayBuffer(4))
  Atomics.store(wanted, 0, isWanted ? 1 : 0)
  let bytes = 0
  let thread: Promise<Thread> | undefined
  const handed = new HandedVectors((array) => services.memory.free(array))
  return {
    read: (file, rules, signal) => {
      bytes += file.sizeBytes
      const {descriptor} = file
      if (services.threads < 2 || bytes < threadFromBytes || descriptor === undefined)
        return readRecords({digest: services.digest}, file, rules, signal)
      thread ??= startThread(services.workerUrl('replay-worker'))
      const request = {
        file: {path: file.path, absolutePath: file.absolutePath, descriptor},
        rules,
        chunker: {size: settings.chunkSize, overlap: settings.chunkOverlap},
        analyser: services.analyser.fingerprint,
        wanted: wanted.buffer,
      }
      return readThere(thread, {request, handed}, signal)
    },
    release: (documents) => handed.release(documents),
    foresee: (is) => void Atomics.store(wanted, 0, is ? 1 : 0),
    close: async () => {
      if (!thread) return
      await (await thread).close()
      // Index builds come next, and need memory of their own.
      services.memory.collect()
    },
  }
}

async function startThread(url: URL): Promise<Thread> {
  const threads = await import('../../kernel/threads/worker-thread.js')
  return new threads.WorkerThread({
    url,
    what: 'The thread that reads batches',
    limits: THREAD_LIMITS,
  })
}

async function* readThere(
  thread: Promise<Thread>,
  {request, handed}: {readonly request: ReadingRequest; readonly handed: HandedVectors},
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadEvent> {
  for await (const part of (await thread).stream('read', request, {signal})) {
    if (part.kind === 'headers') yield part
    else {
      const items = unpackItems(part.packed)
      handed.take(items)
      yield {kind: 'items', items}
    }
  }
}
