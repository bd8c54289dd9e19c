import {keptVersion, liveVersion} from '../../model/embedding.js'
import {purgeCorpusFromCaches} from '../../corpus/caches.js'
import type {Corpus} from '../../model/corpus.js'
import {lossNote} from '../../model/errors/store/store.js'
import type {LostCommits} from '../../model/lost-commits.js'
import {namespaceOf, tenantOf, corpusName} from '../../model/names.js'
import type {
  CorpusDeletion,
  CorpusReport,
  StatusReport,
  UnfinishedDelete,
} from '../../model/operations/reports.js'
import {measureTail} from '../../indexing/index-tail.js'
import {reembedLease} from '../../ports/store/lease.js'
import type {Store} from '../../ports/store/store.js'
import {corpusFolder} from '../../corpus/corpus-folders.js'
import type {Services} from '../../ports/services.js'
import {requireCorpus} from '../../corpus/require-corpus.js'
import type {CallOptions} from '../../model/operations/call.js'
import {withSoleLease} from '../../corpus/with-lease.js'

/** What this use case asks for. */
type Needs = Pick<
  Services,
  | 'build'
  | 'cache'
  | 'clock'
  | 'dataDir'
  | 'digest'
  | 'indexFiles'
  | 'logger'
  | 'modelFiles'
  | 'processes'
  | 'store'
  | 'waitMs'
>

/** `Rag.listCorpora`. */
export async function listCorpora(
  services: Pick<Services, 'digest' | 'store'>,
): Promise<readonly CorpusReport[]> {
  const store = await services.store.read()
  const reports: CorpusReport[] = []
  for (const corpus of await store.listCorpora()) reports.push(await corpusReport(services, store, corpus))
  return reports
}

/** `Rag.showCorpus`. */
export async function showCorpus(
  services: Pick<Services, 'digest' | 'store'>,
  name: string,
): Promise<CorpusReport> {
  const store = await services.store.read()
  return corpusReport(services, store, await requireCorpus(store, name))
}

async function corpusReport(
  services: Pick<Services, 'digest'>,
  store: Store,
  corpus: Corpus,
): Promise<CorpusReport> {
  const counts = await store.countCorpus(corpus.id)
  const versions = await store.listEmbeddingVersions(corpus.id)
  const live = liveVersion(versions)
  const segments = live ? await store.listSegments(live.id) : []
  const kept = keptVersion(versions)
  const keptSegments = kept ? await store.listSegments(kept.id) : []
  const sources = await store.listSources(corpus.id)
  const writer = await writerOf(store, corpus)
  return {
    corpus: corpus.name,
    tenant: tenantOf(corpus.name),
    namespace: namespaceOf(corpus.name),
    model: live?.model ?? corpus.settings.model,
    embeddingVersion: live?.number ?? 0,
    dimension: live?.dimension ?? 0,
    documents: counts.documents,
    chunks: counts.chunks,
    vectors: counts.vectors,
    pending: counts.pending,
    dummy: counts.dummy,
    segments: segments.length,
    tail: live ? (await measureTail(store, live)).count : 0,
    version: corpus.version,
    fingerprint: services.digest.sha256(sources.map(({docId, docHash}) => `${docId}\0${docHash}\n`).join('')),
    ...(kept ? {keptVersion: kept.number} : {}),
    bytes: [...segments, ...keptSegments, ...versions.flatMap((version) => version.modelFile ?? [])].reduce(
      (sum, file) => sum + file.sizeBytes,
      0,
    ),
    createdAtMs: corpus.createdAtMs,
    updatedAtMs: corpus.updatedAtMs,
    languages: Object.fromEntries(counts.languages.map(({language, documents}) => [language, documents])),
    settings: corpus.settings,
    ...(writer === undefined ? {} : {writer}),
  }
}

/** Who writes the corpus, or makes its next embedding version. */
async function writerOf(store: Store, {name}: Corpus): Promise<string | undefined> {
  const leases = (await store.listLeases()).filter(({alive}) => alive)
  const names = [name, reembedLease(name)]
  const [lease] = names.flatMap((held) => leases.filter(({corpus}) => corpus === held))
  return lease && `process ${lease.holder.pid} on ${lease.holder.host} (${lease.purpose})`
}

/** `Rag.deleteCorpus`. */
export async function deleteCorpus(services: Needs, raw: string, call: CallOptions): Promise<CorpusDeletion> {
  const name = corpusName(raw)
  await requireCorpus(await services.store.read(), name)
  const store = await services.store.write('write')
  return withSoleLease(services, {store, corpus: name, purpose: 'delete corpus', ...call}, async (lease) => {
    const corpus = await requireCorpus(store, name)
    const {documents, chunks, bytes} = await corpusReport(services, store, corpus)
    await store.deleteCorpus(corpus.id, lease)
    await services.indexFiles.vacuum(corpusFolder(corpus), new Set())
    await services.modelFiles.vacuum(corpusFolder(corpus), new Set())
    await purgeCorpusFromCaches(services, name)
    return {corpus: name, documents, chunks, bytesFreed: bytes}
  })
}

/** What a cut-off rebuild left, and what is kept. */
async function unfinished(store: Store, corpus: Corpus): Promise<string[]> {
  const notes: string[] = []
  const name = reembedLease(corpus.name)
  const making = (await store.listLeases()).find((lease) => lease.alive && lease.corpus === name)
  for (const version of await store.listEmbeddingVersions(corpus.id)) {
    const staged = await store.listStaged(version.id)
    if (staged.length > 0)
      notes.push(
        `A rebuild of "${corpus.name}" was cut off after ${staged.length} segments; rag rebuild --corpus ${corpus.name} finishes it.`,
      )
    if (version.state === 'building')
      notes.push(
        making
          ? `Embedding version ${version.number} of "${corpus.name}" is being made by process ${making.holder.pid} on ${making.holder.host}.`
          : `Embedding version ${version.number} of "${corpus.name}" is unfinished; rag rebuild --reembed --corpus ${corpus.name} finishes it.`,
      )
    if (version.kept)
      notes.push(
        `Embedding version ${version.number} of "${corpus.name}" is kept; rag rebuild --rollback --corpus ${corpus.name} goes back to it.`,
      )
  }
  return notes
}

/** Removals for good that were cut off; one that a process is at is none. */
async function unfinishedDeletes(store: Store): Promise<readonly UnfinishedDelete[]> {
  const corpora = new Map((await store.listCorpora()).map(({id, name}) => [id, name]))
  const busy = new Set((await store.listLeases()).filter(({alive}) => alive).map(({corpus}) => corpus))
  return (await store.pendingPurges()).flatMap(({corpusId, documents, begunAtMs}) => {
    const corpus = corpora.get(corpusId)
    return corpus === undefined || busy.has(corpus) ? [] : [{corpus, documents: documents.length, begunAtMs}]
  })
}

const sayUnfinished = ({corpus, documents}: UnfinishedDelete): string =>
  `A hard delete of ${documents === 1 ? '1 document' : `${documents} documents`} of "${corpus}" was cut off; rag verify --repair --corpus ${corpus} finishes it.`

/** Whether the database answers, and from its latest commit. */
async function answers(store: Store, lost: LostCommits | undefined): Promise<boolean> {
  return (await store.ping()) && lost === undefined
}

/** `Rag.status`. */
export async function status(services: Needs): Promise<StatusReport> {
  const store = await services.store.read()
  const lost = await store.lostCommits()
  const dbOk = await answers(store, lost)
  const corpora = await listCorpora(services)
  const notes: string[] = lost ? [lossNote(lost)] : []
  let indexStoreOk = true
  for (const corpus of await store.listCorpora())
    for (const version of await store.listEmbeddingVersions(corpus.id)) {
      if (version.modelFile && !(await services.modelFiles.present(version.modelFile))) {
        indexStoreOk = false
        notes.push(
          `Model file ${version.modelFile.file} of "${corpus.name}" is missing or damaged; the next ingest learns it anew.`,
        )
      }
      for (const segment of await store.listSegments(version.id))
        if (!(await services.indexFiles.present(segment))) {
          indexStoreOk = false
          notes.push(
            `Index segment ${segment.file} of "${corpus.name}" is missing or damaged; the next ingest builds it anew.`,
          )
        }
    }
  for (const corpus of await store.listCorpora()) notes.push(...(await unfinished(store, corpus)))
  const deletes = await unfinishedDeletes(store)
  notes.push(...deletes.map(sayUnfinished))
  for (const corpus of corpora)
    if (corpus.pending > 0)
      notes.push(
        `"${corpus.corpus}": ${corpus.pending} of ${corpus.chunks} chunks have no vector yet; rag ingest makes them.`,
      )
  return {
    ok: dbOk && indexStoreOk,
    dataDir: services.dataDir,
    dbOk,
    indexStoreOk,
    jobQueueOk: true,
    buildInfo: services.build,
    databaseBytes: await store.sizeBytes(),
    corpora,
    unfinishedDeletes: deletes,
    notes,
  }
}
