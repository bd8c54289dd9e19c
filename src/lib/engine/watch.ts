import {ReplayState} from '../artifacts/replay/replay-state.js'
import {dirname, resolve} from 'node:path'
import {usage} from '../model/errors.js'
import type {IngestRequest} from '../model/operations/ingest.js'
import {corpusName} from '../model/names.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {WatchEvent, WatchReport, WatchRequest} from '../model/operations/watch.js'
import type {FileEvents} from '../ports/files/file-events.js'
import type {SeenFile} from '../watch/pending-files.js'
import {BatchSweeper} from '../watch/sweep-batches.js'
import {DocumentSweeper} from '../watch/sweep-documents.js'
import {watchLoop, type Sweeper} from '../watch/watch-loop.js'
import type {Environment} from './environment.js'
import {ingestDocuments, planDocuments} from './ingest-documents.js'
import {lookAt} from './look-at.js'
import type {CallOptions} from './rag-options.js'
import {replay} from './replay.js'
import {withStateFile} from './replay-state.js'
import {batchFilesOf, textFilesOf} from './replay-tools.js'

export interface WatchOptions extends CallOptions {
  readonly onEvent?: (event: WatchEvent) => void
}

/** After a change that the system tells of, more are likely to follow at once. */
const SETTLE_MS = 2000

/** `Rag.watch`. */
export async function watch(
  env: Environment,
  request: WatchRequest,
  options: WatchOptions,
): Promise<WatchReport> {
  const {batches} = request
  if (batches?.stateFile === undefined) return keepWatching(env, request, options)
  const use = {path: batches.stateFile, corpus: corpusName(batches.corpus), signal: options.signal}
  return withStateFile(env, use, () => keepWatching(env, request, options))
}

async function keepWatching(
  env: Environment,
  request: WatchRequest,
  options: WatchOptions,
): Promise<WatchReport> {
  const {onEvent = () => undefined, signal = new AbortController().signal} = options
  const call = {...(options.onEmbed ? {onEmbed: options.onEmbed} : {})}
  const sweeper = await sweeperOf(env, request, {call, onEvent})
  const events = await eventsOf(request, onEvent)
  const settleMs = request.settleMs ?? SETTLE_MS
  try {
    return await watchLoop(
      {
        sweeper,
        clock: env.clock,
        onEvent,
        pause: async (ms, stop) => {
          const before = env.clock.monotonic()
          await events.next(ms, stop)
          if (!stop.aborted && env.clock.monotonic() - before < ms) await quiet(events, settleMs, stop)
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
async function quiet(events: FileEvents, settleMs: number, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < 10 && !signal.aborted; i++) {
    const startedAt = performance.now()
    await events.next(settleMs, signal)
    if (performance.now() - startedAt >= settleMs) return
  }
}

interface Told {
  readonly call: CallOptions
  readonly onEvent: (event: WatchEvent) => void
}

async function sweeperOf(env: Environment, request: WatchRequest, told: Told): Promise<Sweeper> {
  const {batches, documents} = request
  if ((batches === undefined) === (documents === undefined))
    throw usage('Name what to watch: --glob PATTERN for batches, or --dir DIR for documents.')
  return batches ? batchSweeper(env, {...request, batches}, told) : documentSweeper(env, documents!, told)
}

async function batchSweeper(
  env: Environment,
  request: WatchRequest & {readonly batches: ReplayRequest},
  {call, onEvent}: Told,
): Promise<Sweeper> {
  const {stateFile} = request.batches
  const state = stateFile === undefined ? undefined : await stateOf(stateFile)
  for (const message of state?.notes ?? []) onEvent({kind: 'note', message})
  // This run does not try again what failed.
  const tell = (event: WatchEvent): void =>
    onEvent(request.once && event.kind === 'failed' ? {...event, retryInMs: 0} : event)
  return new BatchSweeper(
    {
      files: await batchFilesOf(),
      clock: env.clock,
      replay: (one, signal) => replay(env, one, {...call, signal}),
      isDone: ({path: name, sizeBytes: size, mtimeMs}: SeenFile) =>
        state?.has({name, size, mtimeMs}) === true,
      onEvent: tell,
    },
    request,
  )
}

async function stateOf(path: string): Promise<ReplayState> {
  return ReplayState.open({texts: await textFilesOf(), path, absolute: (name) => resolve(name)})
}

function documentSweeper(env: Environment, request: IngestRequest, {call, onEvent}: Told): Sweeper {
  const name = corpusName(request.corpus)
  return new DocumentSweeper(
    {
      clock: env.clock,
      plan: (one, signal) => planDocuments(env, one, {...call, signal}),
      ingest: (one, signal) => ingestDocuments(env, one, {...call, signal}),
      hashesOf: async (docIds) => {
        const {store, corpus} = await lookAt(env, name)
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

async function eventsOf(request: WatchRequest, onEvent: (event: WatchEvent) => void): Promise<FileEvents> {
  const {pollingOnly, createFileEvents} = await import('../adapters/files/file-events.js')
  if (!request.notify || request.once) return pollingOnly()
  const folders = request.documents?.dirs ?? (request.batches?.globs ?? []).map(baseOf)
  return createFileEvents(folders, (message) => onEvent({kind: 'note', message}))
}

/** The folder below which all that a pattern matches lies. */
function baseOf(glob: string): string {
  const at = glob.search(/[*?[{(!]/)
  return at < 0 ? dirname(glob) : dirname(`${glob.slice(0, at)}x`)
}
