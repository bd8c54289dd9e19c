import {sampleOutOfRange} from '../../model/errors/store/verify.js'
import type {Corpus} from '../../model/corpus.js'
import {RagError, reasonOf} from '../../model/errors.js'
import type {PendingChunk} from '../../model/embedding.js'
import type {VerifyOptions, VerifyReport} from '../../model/operations/finding.js'
import type {Store} from '../../ports/store/store.js'
import {checkChecksums} from './check-checksums.js'
import {checkContent} from './check-content.js'
import {checkCorpus} from './check-corpus.js'
import {checkFiles, type WholeFiles} from './check-files.js'
import {checkKeywords} from './check-keywords.js'
import {checkOrphans} from './check-orphans.js'
import {checkStructure} from './check-structure.js'
import type {Diagnosis} from './diagnosis.js'
import {acceptLoss} from './accept-loss.js'
import {cacheDamaged, commitsGone, databaseDamaged, folderRights as rightsFinding} from './findings.js'
import {Inspection, type InspectionTools} from './inspection.js'
import {TimeBudget} from './time-budget.js'
import {corpusFolder} from '../../corpus/corpus-folders.js'
import type {Services} from '../../ports/services.js'
import {requireCorpus} from '../../corpus/require-corpus.js'
import type {CallOptions} from '../../model/operations/call.js'
import {mendDamagedRows} from './mend-damaged-rows.js'
import {repairStore} from './repair-store.js'
import {storedTerms} from '../../documents/keyword-terms.js'

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
  | 'modelFiles'
  | 'models'
  | 'processes'
  | 'store'
  | 'threads'
  | 'waitMs'
>

/*
 * The whole of a verification: the store is opened for reading, `runChecks` makes every check in its order, and the report is made of what they
 * found. With `repair`, `repair-store.ts` mends what was found, and the checks run once more over the corpora in which something was mended.
 */

const DEFAULT_SAMPLE = 0.01
/**
 * Candidates of a search by which a vector must find itself: 796 of 800 do with so many, in a third of the time that a usual search takes.
 * One that does not is searched with more.
 */
const ENOUGH_FOR_ITSELF = 24

/** `Rag.verify`. */
export async function verifyStore(
  services: Needs,
  options: VerifyOptions,
  call: CallOptions,
): Promise<VerifyReport> {
  const startedAt = services.clock.monotonic()
  const {sample = DEFAULT_SAMPLE, maxDurationMs} = options
  if (!(sample >= 0 && sample <= 1)) throw sampleOutOfRange(sample)
  const done = (
    inspection: Pick<Inspection, 'diagnoses' | 'checked' | 'isComplete'>,
    repaired: readonly string[],
  ) => report(inspection, {repaired, seconds: (services.clock.monotonic() - startedAt) / 1000, call})
  const opened = await openForReading(services)
  if ('damage' in opened) return done(notOpened(opened.damage), [])
  const accepted = await mendBefore(services, options, call)
  const store = await services.store.read()
  const budget = new TimeBudget(services.clock, maxDurationMs, call.signal)
  const inspection = await inspectStore(services, {store, corpus: options.corpus, sample, budget}, call)
  // A store that lost commits is not written before that is accepted.
  if (!options.repair || call.signal?.aborted || (await store.lostCommits()))
    return done(inspection, accepted)
  const {notes: mended, touched} = await repairStore(services, inspection, call)
  const notes = [...accepted, ...mended]
  if (touched.size === 0) return done(inspection, notes)
  const again = new TimeBudget(services.clock, undefined, call.signal)
  const after = await inspectStore(
    services,
    {store: await services.store.write('write'), touched, sample, budget: again},
    call,
  )
  const left = inspection.diagnoses.filter((diagnosis) => isLeft(diagnosis, touched, after.diagnoses))
  const isComplete = inspection.isComplete && after.isComplete
  return done({diagnoses: [...left, ...after.diagnoses], checked: inspection.checked, isComplete}, notes)
}

/** What is to be put right before anything is looked at. Returns what was done, in words. */
async function mendBefore(
  services: Needs,
  {acceptLoss: accept, repair}: VerifyOptions,
  call: CallOptions,
): Promise<readonly string[]> {
  const accepted = accept ? await acceptLoss(services) : []
  // A store that lost commits is not written before that is accepted.
  if (!repair || (await (await services.store.read()).lostCommits())) return accepted
  return [...accepted, ...(await mendDamagedRows(services, call))]
}

/** The store for reading, or why it can't even be opened. */
async function openForReading(services: Pick<Services, 'store'>): Promise<Store | {damage: string}> {
  try {
    return await services.store.read()
  } catch (error) {
    if (error instanceof RagError && error.code === 'STORE_DAMAGED') return {damage: reasonOf(error)}
    throw error
  }
}

function notOpened(damage: string): Pick<Inspection, 'diagnoses' | 'checked' | 'isComplete'> {
  const checked = {files: 0, bytes: 0, vectors: 0, documents: 0}
  return {diagnoses: [databaseDamaged('rag.db', damage)], checked, isComplete: false}
}

interface Scope {
  readonly store: Store
  /** Only this one. */
  readonly corpus?: string | undefined
  /** Only these. */
  readonly touched?: ReadonlySet<number> | undefined
  readonly sample: number
  readonly budget: TimeBudget
}

async function inspectStore(services: Needs, scope: Scope, call: CallOptions): Promise<Inspection> {
  const {tools, close} = await inspectionTools(services, scope.store)
  try {
    return await runChecks(services, tools, scope, call)
  } finally {
    await close()
  }
}

/** Files are hashed in a thread of their own, while this one searches segments for what they should hold. */
export async function inspectionTools(
  services: Needs,
  store: Store,
): Promise<{readonly tools: InspectionTools; readonly close: () => Promise<void>}> {
  const [hashed, loader] = await Promise.all([
    services.files.hashedInThread(),
    services.index.loader({leastEf: ENOUGH_FOR_ITSELF}),
  ])
  const tools = {
    store,
    indexFiles: hashed.indexFiles,
    modelFiles: hashed.modelFiles,
    restoreFiles: services.files.restoreFiles(),
    clock: services.clock,
    folderOf: corpusFolder,
    analyser: services.analyser.fingerprint,
    termsOf: (chunk: PendingChunk) => storedTerms(services.analyser, chunk),
    loader,
    model: () => services.models.learned(),
  }
  return {tools, close: () => hashed.close()}
}

/**
 * Every check of everything in scope, in order. Then the dates of the last check are stored, unless the database is damaged or can't be
 * written.
 */
async function runChecks(
  services: Needs,
  tools: InspectionTools,
  scope: Scope,
  call: CallOptions,
): Promise<Inspection> {
  const {store, sample, budget} = scope
  const inspection = new Inspection(tools, budget, call.onProgress)
  const all = (await inspection.guard('rag.db', () => store.listCorpora())) ?? []
  const some = await chosen(store, all, scope)
  inspection.expect(2 + 3 * some.length)
  const lost = await store.lostCommits()
  if (lost) inspection.add(commitsGone(lost))
  await checkStructure(inspection, all)
  await checkChecksums(inspection, budget)
  if (inspection.isDamaged) inspection.isComplete = false
  else {
    for (const corpus of some) {
      if (budget.isSpent) inspection.isComplete = false
      else await checkCorpus(inspection, corpus)
    }
    await checkOrphans(inspection, {all, some})
    await checkRights(services, inspection)
    const ofKeywords = {sample, budget: budget.half().half()}
    for (const corpus of some) await checkKeywords(inspection, corpus, ofKeywords)
    const ofContent = budget.half()
    for (const corpus of some) await checkContent(inspection, corpus, ofContent)
  }
  const whole = await checkFiles(inspection, {corpora: some, sample})
  if (!inspection.isDamaged) await storeDates(services, whole)
  await checkCaches(services, inspection)
  return inspection
}

async function chosen(
  store: Store,
  all: readonly Corpus[],
  {corpus, touched}: Scope,
): Promise<readonly Corpus[]> {
  if (corpus !== undefined) return [await requireCorpus(store, corpus)]
  return touched ? all.filter(({id}) => touched.has(id)) : all
}

/** A damaged cache harms nobody, but shows that a disk, or a program, does. */
async function checkCaches(services: Pick<Services, 'cache'>, inspection: Inspection): Promise<void> {
  const why = await (await services.cache())?.check()
  if (why !== undefined) inspection.add(cacheDamaged('cache.db', why))
}

async function checkRights(
  services: Pick<Services, 'dataDir' | 'files'>,
  inspection: Inspection,
): Promise<void> {
  const rights = await services.files.folderRights(services.dataDir)
  if (rights?.isOpenToAll)
    inspection.add(
      rightsFinding(
        services.dataDir,
        'Everyone on this machine may change the store.',
        `chmod o-w ${services.dataDir}`,
      ),
    )
  if (rights?.isWritable === false)
    inspection.add(
      rightsFinding(
        services.dataDir,
        'This user may not write here: the store can be searched, but nothing can be ingested.',
        'Give this user the right to write, if it is to.',
      ),
    )
}

/** A store that can't be written keeps no dates: each verification then begins from the front. */
async function storeDates(
  services: Pick<Services, 'clock' | 'logger' | 'store'>,
  whole: WholeFiles,
): Promise<void> {
  if (whole.segments.length + whole.models.length === 0) return
  try {
    await (await services.store.write('write')).markVerified(whole, services.clock.now())
  } catch (error) {
    if (!(error instanceof RagError)) throw error
    services.logger.debug('dates of verification not stored', {error: error.message})
  }
}

/** What the first checks found and neither the repair nor the checks after it have settled. */
function isLeft(
  {finding, mend}: Diagnosis,
  touched: ReadonlySet<number>,
  after: readonly Diagnosis[],
): boolean {
  if (mend && 'corpusId' in mend) return !touched.has(mend.corpusId)
  if (mend || finding.code === 'SEGMENT_UNREACHABLE') return false
  return !after.some(({finding: same}) => same.code === finding.code && same.where === finding.where)
}

const SEVERITY = {error: 0, warning: 1, info: 2} as const

function report(
  {diagnoses, checked, isComplete}: Pick<Inspection, 'diagnoses' | 'checked' | 'isComplete'>,
  {repaired, seconds, call}: {repaired: readonly string[]; seconds: number; call: CallOptions},
): VerifyReport {
  const findings = diagnoses
    .map(({finding}) => finding)
    .sort((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity])
  const ok = findings.every(({severity}) => severity !== 'error')
  const interrupted = call.signal?.aborted === true
  return {
    ok,
    findings,
    checked: {...checked},
    seconds,
    complete: isComplete && !interrupted,
    interrupted,
    repaired,
  }
}
