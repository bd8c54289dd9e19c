import {SeenTexts} from './choose-examples.js'
import {exampleOf} from './example-records.js'
import {ExampleWriter} from './example-writer.js'
import {
  examplesAllMalformed,
  examplesInterrupted,
  noDocumentsForExamples,
  noExamplesFound,
} from '../model/errors/files/examples.js'
import type {RagError} from '../model/errors/rag-error.js'
import {notWholeInRange} from '../model/errors/request/search.js'
import type {ExampleFile, ExamplesReport, ExamplesRequest} from '../model/operations/examples.js'
import type {ExampleFiles, ExampleTarget, StagedExamples} from '../ports/files/example-files.js'
import type {CorpusSnapshot, ReadableDocument} from '../ports/store/corpus-snapshot.js'
import type {Corpus} from '../model/corpus.js'
import type {Services} from '../ports/services.js'
import {requireCorpus} from '../corpus/require-corpus.js'
import {
  candidatesByModel,
  candidatesFromText,
  type DocumentCandidates,
  type CandidateTools,
} from './example-candidates.js'
import {ExampleTally} from './example-tally.js'
import type {CallOptions} from '../model/operations/call.js'

/** What this use case asks for. */
type Needs = Pick<Services, 'analyser' | 'clock' | 'digest' | 'files' | 'models' | 'store'>

const PER_DOCUMENT = 5
const MOST_PER_DOCUMENT = 1000
const BUDGET_MS = 120_000
export const EXTRACTIVE = 'extractive'

/** How to build examples, beside what of. */
export interface ExamplesCall extends CallOptions {
  /** Given the JSON Lines, in pieces, when no file is named for them: all of them, after the last was made, or none. */
  readonly onLines?: (bytes: Uint8Array) => Promise<void> | void
}

/** `Rag.buildExamples`. Takes no lease: others may write meanwhile, and are not seen. */
export async function buildExamples(
  services: Needs,
  request: ExamplesRequest,
  call: ExamplesCall,
): Promise<ExamplesReport> {
  const startedAt = services.clock.monotonic()
  const perDocument = wholeWithin('perDocument', request.perDocument ?? PER_DOCUMENT, MOST_PER_DOCUMENT)
  const store = await services.store.read()
  const corpus = await requireCorpus(store, request.corpus)
  const chat = request.chatModel === undefined ? undefined : await services.models.chat(request.chatModel)
  const {languages} = await store.countCorpus(corpus.id)
  await services.analyser.prepare(languages.map(({language}) => language))
  const snapshot = (await store.openSnapshot(corpus.name))!
  try {
    const run: Run = {services, request, call, snapshot, perDocument, seed: request.seed ?? 0}
    const budgetMs = request.budgetMs ?? BUDGET_MS
    const tools = candidateTools(run, chat && {model: chat, budgetMs})
    const {tally, files} = await withFiles(run, (staged) => makeAll(run, tools, staged))
    return {
      ...headOf(run, snapshot.corpus),
      model: chat?.name ?? EXTRACTIVE,
      ...tally.counts,
      files,
      seconds: (services.clock.monotonic() - startedAt) / 1000,
    }
  } finally {
    await snapshot.close()
  }
}

interface Run {
  readonly services: Pick<Services, 'analyser' | 'digest' | 'files'>
  readonly request: ExamplesRequest
  readonly call: ExamplesCall
  readonly snapshot: CorpusSnapshot
  readonly perDocument: number
  readonly seed: number
}

function candidateTools(
  {services, request, call, perDocument, seed}: Run,
  chat: CandidateTools['chat'],
): CandidateTools {
  const {analyser, digest} = services
  return {
    analyser,
    digest,
    request,
    perDocument,
    seed,
    signal: call.signal,
    chat,
  }
}

function headOf(
  {request, perDocument, seed}: Run,
  {name, version}: Corpus,
): Pick<ExamplesReport, 'corpus' | 'corpusVersion' | 'seed' | 'perDocument' | 'dryRun'> {
  return {corpus: name, corpusVersion: version, seed, perDocument, dryRun: request.dryRun ?? false}
}

interface Built {
  readonly tally: ExampleTally
  readonly files: readonly ExampleFile[]
}

/** Stages the files, lets `make` fill them, and puts them in place; whatever fails, none has changed. */
async function withFiles(
  run: Run,
  make: (staged: readonly StagedExamples[]) => Promise<ExampleTally>,
): Promise<Built> {
  const {services, request, call} = run
  if (request.dryRun) return {tally: await make([]), files: []}
  const files = await services.files.exampleFiles()
  const staged = await files.stage(targetsOf(request), {force: request.force ?? false})
  try {
    const tally = await make(staged)
    const written = await publish(files, staged, tally.counts.examples)
    for (const one of staged)
      if (one.target.path === undefined) for await (const piece of one.read()) await call.onLines?.(piece)
    return {tally, files: written}
  } finally {
    await files.discard(staged)
  }
}

async function publish(
  files: ExampleFiles,
  staged: readonly StagedExamples[],
  records: number,
): Promise<readonly ExampleFile[]> {
  const published = await files.publish(staged)
  return published.flatMap(({file, sizeBytes, sha256}, i) =>
    file === undefined ? [] : [{file, format: staged[i]!.target.format, records, sizeBytes, sha256}],
  )
}

function targetsOf({out, msgpackOut}: ExamplesRequest): readonly ExampleTarget[] {
  return [
    {format: 'jsonl', path: out},
    ...(msgpackOut === undefined ? [] : [{format: 'msgpack', path: msgpackOut} as const]),
  ]
}

async function makeAll(
  run: Run,
  tools: CandidateTools,
  staged: readonly StagedExamples[],
): Promise<ExampleTally> {
  const {snapshot, call} = run
  const tally = new ExampleTally()
  const seen = new SeenTexts(run.services.digest)
  const writer = new ExampleWriter(snapshot.corpus.name, staged)
  const {documents: total} = await snapshot.count()
  const documents = snapshot.readThrough(run.request.filters)
  for await (const made of tools.chat
    ? candidatesByModel(tools, documents)
    : candidatesFromText(tools, documents)) {
    if (call.signal?.aborted) throw examplesInterrupted()
    await writeChosen(run, made, {seen, writer, tally})
    call.onProgress?.({phase: 'read', done: tally.counts.documents, total, unit: 'documents'})
  }
  await writer.finish()
  if (tally.counts.examples === 0 && !(run.request.dryRun && tools.chat)) throw nothingMade(run, tools, tally)
  return tally
}

async function writeChosen(
  {services}: Run,
  {document, choice, dropped, calls}: DocumentCandidates,
  {
    seen,
    writer,
    tally,
  }: {readonly seen: SeenTexts; readonly writer: ExampleWriter; readonly tally: ExampleTally},
): Promise<void> {
  const chosen = choice.choose(seen)
  tally.document(chosen, {dropped, calls})
  const texts = new Map<number, string>()
  for (const candidate of chosen.candidates) {
    for (const ordinal of candidate.ordinals)
      if (!texts.has(ordinal)) texts.set(ordinal, await textOfChunk(document, ordinal))
    const {docId, updatedAtMs} = document
    await writer.add(
      exampleOf(services.digest, candidate, {docId, updatedAtMs, textOf: (ordinal) => texts.get(ordinal)!}),
    )
  }
}

async function textOfChunk(document: ReadableDocument, ordinal: number): Promise<string> {
  for await (const {text} of document.chunks({from: ordinal, to: ordinal})) return text
  return ''
}

function wholeWithin(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw notWholeInRange(name, value, [1, most])
}

function nothingMade({request, snapshot}: Run, {chat}: CandidateTools, {counts}: ExampleTally): RagError {
  const {name} = snapshot.corpus
  if (chat && counts.calls > 0 && counts.dropped.malformed === counts.calls)
    return examplesAllMalformed(chat.model.name, counts.calls)
  if (counts.documents === 0) return noDocumentsForExamples(name, (request.filters?.length ?? 0) > 0)
  return noExamplesFound(name, counts.documents)
}
