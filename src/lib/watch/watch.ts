import {ReplayState} from '../replay/replay-state.js'
import {dirname, resolve} from 'node:path'
import {nothingToWatch} from '../model/errors/request/ingest.js'
import {flagTwice} from '../model/errors/request/command-line.js'
import type {IngestRequest} from '../model/operations/ingest.js'
import {corpusName} from '../model/names.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {WatchEvent, WatchReport, WatchRequest} from '../model/operations/watch.js'
import type {FileEvents} from '../ports/files/file-events.js'
import type {Clock} from '../ports/surroundings.js'
import type {SeenFile} from './pending-files.js'
import {BatchWatcher} from './watch-batches.js'
import {DocumentWatcher} from './watch-documents.js'
import {watchLoop, type Watcher} from './watch-loop.js'
import type {Services} from '../ports/services.js'
import {ingestDocuments, planDocuments} from '../ingest/ingest-documents.js'
import {findCorpus} from '../corpus/find-corpus.js'
import type {CallOptions} from '../model/operations/call.js'
import {missingBatches, replay} from '../replay/index.js'
import {withStateFile} from '../replay/use-replay-state.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'analyser'
  | 'cache'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'files'
  | 'index'
  | 'indexDir'
  | 'indexFiles'
  | 'logger'
  | 'memory'
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
  | 'workerUrl'
>

export interface WatchOptions extends CallOptions {
  readonly onEvent?: ((event: WatchEvent) => void) | undefined
}

/** After a change of which the system sends an event, more are likely to follow at once. */
const SETTLE_MS = 2000

/** `Rag.watch`. */
export async function watch(
  services: Needs,
  request: WatchRequest,
  options: WatchOptions,
): Promise<WatchReport> {
  const {batches} = request
  if (batches?.stateFile === undefined) return keepWatching(services, request, options)
  const use = {path: batches.stateFile, corpus: corpusName(batches.corpus), signal: options.signal}
  return withStateFile(services, use, () => keepWatching(services, request, options))
}

async function keepWatching(
  services: Needs,
  request: WatchRequest,
  options: WatchOptions,
): Promise<WatchReport> {
  const {onEvent = () => undefined, signal = new AbortController().signal} = options
  const call = {onEmbed: options.onEmbed}
  const watcher = await watcherOf(services, request, {call, onEvent})
  const events = await eventsOf(services, request, onEvent)
  const settleMs = request.settleMs ?? SETTLE_MS
  try {
    return await watchLoop(
      {
        watcher,
        clock: services.clock,
        onEvent,
        pause: async (ms, stop) => {
          const before = services.clock.monotonic()
          await events.next(ms, stop)
          if (!stop.aborted && services.clock.monotonic() - before < ms)
            await quiet({events, clock: services.clock}, settleMs, stop)
        },
      },
      request,
      signal,
    )
  } finally {
    await events.close()
  }
}

/** Waits until nothing has changed for so long, at most ten times as long. */
async function quiet(
  {events, clock}: {readonly events: FileEvents; readonly clock: Clock},
  settleMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let i = 0; i < 10 && !signal.aborted; i++) {
    const startedAt = clock.monotonic()
    await events.next(settleMs, signal)
    if (clock.monotonic() - startedAt >= settleMs) return
  }
}

interface Listeners {
  readonly call: CallOptions
  readonly onEvent: (event: WatchEvent) => void
}

async function watcherOf(services: Needs, request: WatchRequest, listeners: Listeners): Promise<Watcher> {
  const {batches, documents} = request
  if (batches && documents) throw flagTwice('--glob', '--dir')
  if (!batches && !documents) throw nothingToWatch()
  return batches
    ? batchWatcher(services, {...request, batches}, listeners)
    : documentWatcher(services, documents!, listeners)
}

async function batchWatcher(
  services: Needs,
  request: WatchRequest & {readonly batches: ReplayRequest},
  {call, onEvent}: Listeners,
): Promise<Watcher> {
  const {stateFile} = request.batches
  const state = stateFile === undefined ? undefined : await stateOf(services, stateFile)
  for (const message of state?.notes ?? []) onEvent({kind: 'note', message})
  // This run does not try again what failed.
  const report = (event: WatchEvent): void =>
    onEvent(request.once && event.kind === 'failed' ? {...event, retryInMs: 0} : event)
  return new BatchWatcher(
    {
      files: await services.files.batchFiles(),
      clock: services.clock,
      replay: (one, signal) => replay(services, one, {...call, signal}),
      missing: (one, paths) => missingBatches(services, one, paths),
      isDone: ({path: name, sizeBytes: size, mtimeMs}: SeenFile) =>
        state?.has({name, size, mtimeMs}) === true,
      onEvent: report,
    },
    request,
  )
}

async function stateOf(services: Pick<Services, 'files'>, path: string): Promise<ReplayState> {
  return ReplayState.open({texts: await services.files.textFiles(), path, absolute: (name) => resolve(name)})
}

function documentWatcher(services: Needs, request: IngestRequest, {call, onEvent}: Listeners): Watcher {
  const name = corpusName(request.corpus)
  return new DocumentWatcher(
    {
      clock: services.clock,
      plan: (one, signal) => planDocuments(services, one, {...call, signal}),
      ingest: (one, signal) => ingestDocuments(services, one, {...call, signal}),
      hashesOf: async (docIds) => {
        const {store, corpus} = await findCorpus(services, name)
        const hashes = new Map<string, string>()
        if (!store || !corpus) return hashes
        for (const docId of docIds) {
          const sha256 = (await store.getDocument(corpus.id, docId))?.source.sha256
          if (sha256 !== undefined) hashes.set(docId, sha256)
        }
        return hashes
      },
      onEvent,
    },
    request,
  )
}

async function eventsOf(
  services: Pick<Services, 'files'>,
  request: WatchRequest,
  onEvent: (event: WatchEvent) => void,
): Promise<FileEvents> {
  const usesEvents = request.notify === true && !request.once
  const folders = request.documents?.dirs ?? (request.batches?.globs ?? []).map(baseOf)
  return services.files.events(usesEvents ? folders : [], (message) => onEvent({kind: 'note', message}))
}

/** The folder below which all that a pattern matches lies. */
function baseOf(glob: string): string {
  const at = glob.search(/[*?[{(!]/)
  return at < 0 ? dirname(glob) : dirname(`${glob.slice(0, at)}x`)
}
