import {corpusFolder} from '../corpus/corpus-folders.js'
import {rebuildKeywords} from '../indexing/rebuild-keywords.js'
import {sleep} from '../kernel/sleep.js'
import type {CallOptions} from '../model/operations/call.js'
import type {ByteProof} from '../model/operations/reports.js'
import type {PendingPurge} from '../ports/store/purge-log.js'
import type {Store} from '../ports/store/store.js'
import {clearFiles} from './clear-files.js'
import type {Folders} from './proof/file-places.js'
import {decodeNeedles} from './proof/needle-set.js'
import {byteProof, proveAbsence, type FoundFile} from './proof/prove-absence.js'
import type {PurgeNeeds, PurgeRun} from './purge-needs.js'

/** The proof, and twice what is to be done where it fails. */
const MOST_PROOFS = 3
/** Who reads an older state of the database keeps its log from being emptied: a search, for as long as it takes. */
const LOG_TRIES = 5
const LOG_WAIT_MS = 50

/**
 * Proves by the bytes of all files that nothing is left. What is found in files of ours is removed, each time by stronger means, and all of
 * it is read again. `isClear`: nothing is left that is ours to remove.
 */
export async function clearBytes(
  services: PurgeNeeds,
  run: PurgeRun,
  purges: readonly PendingPurge[],
  call: CallOptions,
): Promise<{readonly bytes: ByteProof; readonly isClear: boolean}> {
  const {store} = run
  const folders = await foldersOf(services, run)
  const files = await services.files.storedFiles()
  await emptyLog(store, call.signal)
  for (let proofs = 1; ; proofs++) {
    const sets = purges.map(({needles}) => decodeNeedles(services.digest, needles))
    const absence = await proveAbsence({store, files, folders}, sets, call.signal)
    const ours = absence.found.filter(({place}) => place !== 'foreign')
    if (ours.length === 0 || proofs === MOST_PROOFS)
      return {bytes: byteProof(absence, folders), isClear: ours.length === 0}
    await removeFound(services, run, {ours, isLast: proofs === MOST_PROOFS - 1}, call)
  }
}

async function foldersOf(services: PurgeNeeds, {corpus}: PurgeRun): Promise<Folders> {
  const {files, dataDir, indexDir} = services
  const place = (await (await services.cache({evenOff: true}))?.stats().catch(() => undefined))?.place
  const end = place?.lastIndexOf('/') ?? -1
  return {
    dataDir: await files.realPath(dataDir),
    indexDir: await files.realPath(indexDir),
    cacheDir: end > 0 ? await files.realPath(place!.slice(0, end)) : undefined,
    corpus: corpusFolder(corpus),
  }
}

async function emptyLog(store: Store, signal: AbortSignal | undefined): Promise<void> {
  for (let tries = 1; !(await store.eraseFreed('log')) && tries < LOG_TRIES && !signal?.aborted; tries++)
    await sleep(LOG_WAIT_MS, signal)
}

async function removeFound(
  services: PurgeNeeds,
  run: PurgeRun,
  {ours, isLast}: {readonly ours: readonly FoundFile[]; readonly isLast: boolean},
  call: CallOptions,
): Promise<void> {
  const {store} = run
  const isIn = (place: FoundFile['place']): boolean => ours.some((found) => found.place === place)
  if (isIn('cache')) await (await services.cache({evenOff: true}))?.purge({}).catch(() => undefined)
  if (isIn('restore')) await services.files.restoreFiles().vacuum('restore', new Set(), {evenSetAside: true})
  if (isIn('segment') || isIn('model')) await rewriteFound(services, run, ours, call)
  if (isIn('database') && isLast) {
    await rebuildKeywords(services, run, call)
    await store.eraseFreed('all')
  }
  await emptyLog(store, call.signal)
}

/** Segments and models that are named and hold something all the same. */
async function rewriteFound(
  services: PurgeNeeds,
  run: PurgeRun,
  ours: readonly FoundFile[],
  call: CallOptions,
): Promise<void> {
  const isFound = (file: string): boolean => ours.some(({path}) => path.endsWith(`/${file}`))
  const versions = await run.store.listEmbeddingVersions(run.corpus.id)
  const knowing = versions.filter(({modelFile}) => modelFile && isFound(modelFile.file))
  const rewrite = []
  const dropStaged = []
  for (const version of versions) {
    const segments = (await run.store.listSegments(version.id)).filter(({file}) => isFound(file))
    if (segments.length > 0) rewrite.push({version, segments})
    const staged = (await run.store.listStaged(version.id)).filter(({file}) => isFound(file))
    if (staged.length > 0) dropStaged.push({versionId: version.id, ids: staged.map(({id}) => id)})
  }
  const plan = {
    dropVersions: knowing.filter(({state}) => state !== 'live'),
    dropStaged,
    rewrite: rewrite.filter(({version}) => !knowing.includes(version)),
    relearn: knowing.some(({state}) => state === 'live'),
  }
  await clearFiles(services, run, plan, call)
}
