import type {Corpus} from '../../model/corpus.js'
import type {ArtifactFiles, OrphanFile} from '../../ports/files/artifact-files.js'
import {corpusOfLease, WHOLE_STORE} from '../../ports/store/lease.js'
import type {Mend} from './diagnosis.js'
import {deleteUnfinished, leaseOfDead, leftOver, leftWithoutCorpora, versionLeftOver} from './findings.js'
import {RESTORE_FOLDER} from '../backup/backup-job.js'
import type {Inspection} from './inspection.js'

/** All corpora of the store, and those that are checked. */
export interface OrphanScope {
  readonly all: readonly Corpus[]
  readonly some: readonly Corpus[]
}

/**
 * Files that no row names, embedding versions that were replaced, and leases of dead processes. A corpus that is being written now is passed over: what its writer
 * is about to publish looks like orphans. What has been published since the folders were read is none.
 */
export async function checkOrphans(inspection: Inspection, scope: OrphanScope): Promise<void> {
  const {store, indexFiles, modelFiles} = inspection.tools
  await inspection.guard('rag.db', async () => {
    const before = await namedFiles(inspection, scope.all)
    const inIndexes = await orphansOf(indexFiles, before.segments)
    const inModels = await orphansOf(modelFiles, before.models)
    const leases = await store.listLeases()
    const after = await namedFiles(inspection, scope.all)
    const busy = new Set(leases.filter(({alive}) => alive).map(({corpus}) => corpusOfLease(corpus)))
    report(inspection, {
      folder: 'indexes',
      orphans: inIndexes,
      keep: after.segments,
      mendOf: mendRule(inspection, scope, busy),
    })
    report(inspection, {
      folder: 'models',
      orphans: inModels,
      keep: after.models,
      mendOf: mendRule(inspection, scope, busy),
    })
    for (const {corpus, holder, alive} of leases)
      if (!alive && scope.some.some(({name}) => name === corpusOfLease(corpus)))
        inspection.add(leaseOfDead(corpusOfLease(corpus), `process ${holder.pid} on ${holder.host}`))
    if (scope.all.length === scope.some.length && !busy.has(WHOLE_STORE)) await tellRestore(inspection)
    for (const corpus of scope.some.filter(({name}) => !busy.has(name))) {
      await tellReplaced(inspection, corpus)
      for (const {documents} of await store.pendingPurges(corpus.id))
        inspection.add(deleteUnfinished(corpus, documents.length))
    }
  })
  inspection.step()
}

/** Whoever replaces a version drops it; one that is still there was left by a process that was killed in between. */
async function tellReplaced(inspection: Inspection, corpus: Corpus): Promise<void> {
  for (const {state, kept, number} of await inspection.tools.store.listEmbeddingVersions(corpus.id))
    if (state === 'retired' && kept !== true) inspection.add(versionLeftOver(corpus, number))
}

/** What a killed restore left. Listed twice: one that ended meanwhile has left nothing. */
async function tellRestore(inspection: Inspection): Promise<void> {
  const list = (): Promise<readonly OrphanFile[]> =>
    inspection.tools.restoreFiles.orphans(RESTORE_FOLDER, new Set())
  const before = await list()
  if (before.length === 0) return
  const leases = await inspection.tools.store.listLeases()
  if (leases.some(({corpus, alive}) => alive && corpus === WHOLE_STORE)) return
  const still = new Set((await list()).map(({file}) => file))
  for (const file of before)
    if (still.has(file.file)) inspection.add(leftOver(file.file, file, {what: 'restore'}))
}

const orphansOf = (files: ArtifactFiles, keep: ReadonlySet<string>): Promise<readonly OrphanFile[]> =>
  files.orphans('', keep)

async function namedFiles(
  {tools: {store}}: Inspection,
  corpora: readonly Corpus[],
): Promise<{segments: ReadonlySet<string>; models: ReadonlySet<string>}> {
  const [segments, models] = [new Set<string>(), new Set<string>()]
  for (const corpus of corpora)
    for (const version of await store.listEmbeddingVersions(corpus.id)) {
      if (version.modelFile) models.add(version.modelFile.file)
      for (const {file} of await store.listSegments(version.id)) segments.add(file)
    }
  return {segments, models}
}

/** `last copy`: a store that knows no corpus may have lost its database, and what lies beside it be all that is left. */
type MendRule = (file: string) => Mend | 'by hand' | 'last copy' | 'pass'

function mendRule({tools}: Inspection, {all, some}: OrphanScope, busy: ReadonlySet<string>): MendRule {
  const known = new Map(all.map((corpus) => [tools.folderOf(corpus), corpus]))
  const wanted = new Set(some.map(({id}) => id))
  const isWhole = all.length === some.length
  return (file) => {
    const [folder, ...below] = file.split('/')
    if (below.length === 0) return isWhole ? 'by hand' : 'pass'
    const corpus = known.get(folder!)
    if (!corpus) {
      const isBusy = [...busy].some((name) => tools.folderOf({name: name as Corpus['name']}) === folder)
      if (!isWhole || isBusy) return 'pass'
      return all.length === 0 ? 'last copy' : {what: 'stray-folder', folder: folder!}
    }
    if (!wanted.has(corpus.id) || busy.has(corpus.name)) return 'pass'
    return {what: 'orphans', corpusId: corpus.id}
  }
}

interface Found {
  readonly folder: string
  readonly orphans: readonly OrphanFile[]
  readonly keep: ReadonlySet<string>
  readonly mendOf: MendRule
}

function report(inspection: Inspection, {folder, orphans, keep, mendOf}: Found): void {
  for (const file of orphans) {
    const mend = mendOf(file.file)
    if (mend === 'pass' || keep.has(file.file)) continue
    const where = `${folder}/${file.file}`
    if (mend === 'last copy') inspection.add(leftWithoutCorpora(where, file))
    else inspection.add(leftOver(where, file, mend === 'by hand' ? undefined : mend))
  }
}
