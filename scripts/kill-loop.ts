/**
 * Kills `rag ingest` with SIGKILL at random instants until `rounds` kills have hit, looks the store over after each, goes on
 * with the same command, and compares what comes out with an undisturbed run.
 *
 * Usage: npx tsx scripts/kill-loop.ts [--rounds 20] [--seed 1]
 */
import type {ChildProcess} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import type Database from 'better-sqlite3'
import {
  inspectStore,
  snapshotCorpus,
  withDatabase,
  type CorpusSnapshot,
  type StoreCounts,
} from '../test/support/corpus-snapshot.js'
import {runRag, type RanRag} from '../test/support/run-rag.js'
import {SeededText, seededNumbers} from '../test/support/seeded-text.js'

export interface KillLoopOptions {
  /** Kills that must hit a running process. */
  readonly rounds: number
  readonly seed: number
  readonly log: (line: string) => void
}

export interface KillLoopResult {
  /** What was wrong, in words; empty when nothing was. */
  readonly faults: readonly string[]
  readonly kills: number
  /** Ingests that were finished after at least one kill, and compared with the undisturbed one. */
  readonly finished: number
  /** Kills by what had been committed when they hit. */
  readonly hits: Readonly<Record<KillPlace, number>>
  readonly chunks: number
  readonly segments: number
  readonly seconds: number
}

export type KillPlace =
  'before any document' | 'reading' | 'before any vector' | 'embedding' | 'after all vectors'

const DOCUMENTS = 290
const PARAGRAPHS = 15
/** Two builders, and two segments of a little more than the least size. */
const WORKERS = '2'
/** Kills of one store before it may finish: most kills shall hit what an earlier kill has left. */
const KILLS_A_STORE = 5
const POLL_MS = 10
const MODES = ['keyword', 'vector', 'hybrid'] as const

interface Undisturbed {
  readonly snapshot: CorpusSnapshot
  readonly answers: readonly Answer[]
  readonly chunks: number
  readonly segments: number
  readonly tookMs: number
}

/** Least counts of what is committed, and the time from then to the kill. */
interface Target {
  readonly chunks: number
  readonly vectors: number
  readonly segments: number
  readonly delayMs: number
}

/** One hit of one query, ready to be compared. */
interface Answer {
  readonly place: string
  readonly chunkId: string
  readonly score: number
}

/** Runs the loop in a folder of its own, which it removes. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rag-kill-'))
  try {
    return await new KillLoop(folder, options).run()
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

class KillLoop {
  readonly #folder: string
  readonly #options: KillLoopOptions
  readonly #random: () => number
  readonly #faults: string[] = []
  readonly #hits: Record<KillPlace, number> = {
    'before any document': 0,
    reading: 0,
    'before any vector': 0,
    embedding: 0,
    'after all vectors': 0,
  }
  #kills = 0
  #finished = 0

  constructor(folder: string, options: KillLoopOptions) {
    this.#folder = folder
    this.#options = options
    this.#random = seededNumbers(options.seed)
  }

  async run(): Promise<KillLoopResult> {
    const startedAt = performance.now()
    writeCorpus(path.join(this.#folder, 'docs'), path.join(this.#folder, 'queries.txt'))
    const whole = await this.#undisturbed()
    this.#options.log(
      `undisturbed: ${whole.chunks} chunks, ${whole.segments} segments, ${Math.round(whole.tookMs)} ms`,
    )
    for (let store = 1; this.#kills < this.#options.rounds && store <= 3 * this.#options.rounds; store++)
      await this.#oneStore(path.join(this.#folder, `data-${store}`), whole)
    return {
      faults: this.#faults,
      kills: this.#kills,
      finished: this.#finished,
      hits: this.#hits,
      chunks: whole.chunks,
      segments: whole.segments,
      seconds: (performance.now() - startedAt) / 1000,
    }
  }

  async #undisturbed(): Promise<Undisturbed> {
    const data = path.join(this.#folder, 'whole')
    const ran = await this.#ingest(data)
    if (ran.code !== 0) throw new Error(`The undisturbed ingest failed: ${ran.stderr}`)
    const {faults, counts} = inspectStore(data)
    this.#note('undisturbed', faults)
    return {
      snapshot: snapshotCorpus(data, 'default'),
      answers: await this.#answers(data),
      chunks: counts.chunks,
      segments: counts.segments,
      tookMs: ran.tookMs,
    }
  }

  /** Kills the ingest into one store again and again until it gets through, or kills are used up; then lets it finish. */
  async #oneStore(data: string, whole: Undisturbed): Promise<void> {
    let before: StoreCounts = inspectStore(data).counts
    let killsHere = 0
    for (;;) {
      const mayKill = this.#kills < this.#options.rounds && killsHere < KILLS_A_STORE
      const target = mayKill ? this.#target(before, whole) : undefined
      const ran = await this.#ingest(data, target)
      const {faults, counts} = inspectStore(data)
      const where = `store ${path.basename(data)}, kill ${this.#kills + 1}, target ${JSON.stringify(target)}`
      this.#note(where, [...faults, ...shrunk(before, counts)])
      if (ran.signal !== 'SIGKILL') {
        if (ran.code !== 0) this.#note(where, [`exit ${String(ran.code)}: ${ran.stderr}`])
        else if (killsHere > 0) await this.#compare(data, {whole, ran, before})
        break
      }
      this.#kills++
      killsHere++
      const place = placeOf(counts, whole)
      this.#hits[place]++
      this.#options.log(
        `kill ${this.#kills}: ${place} (${counts.chunks} chunks, ${counts.vectors} vectors, ${counts.segments} segments)`,
      )
      before = counts
    }
    rmSync(data, {recursive: true, force: true})
  }

  /**
   * What must be committed before the kill comes, and how long after it: time alone would nearly always hit the learning of
   * the model, the more so on a busy machine. Chosen among what is still to come.
   */
  #target(before: StoreCounts, whole: Undisturbed): Target {
    const chunks = before.chunks + this.#random() * (whole.chunks - before.chunks)
    const vectors = before.vectors + this.#random() * (whole.chunks - before.vectors)
    const targets: readonly Target[] = [
      ...(before.chunks < whole.chunks ? [{chunks, vectors: 0, segments: 0, delayMs: 30}] : []),
      ...(before.vectors === 0 ? [{chunks: whole.chunks, vectors: 0, segments: 0, delayMs: 2000}] : []),
      {chunks: whole.chunks, vectors, segments: 0, delayMs: 60},
      {chunks: whole.chunks, vectors: whole.chunks, segments: 0, delayMs: 300},
      {chunks: whole.chunks, vectors: whole.chunks, segments: 1, delayMs: 60},
    ]
    const target = targets[Math.floor(this.#random() * targets.length)]!
    return {...target, delayMs: target.delayMs * this.#random()}
  }

  async #compare(
    data: string,
    {whole, ran, before}: {readonly whole: Undisturbed; readonly ran: RanRag; readonly before: StoreCounts},
  ): Promise<void> {
    this.#finished++
    const where = `store ${path.basename(data)}, finished`
    const report = JSON.parse(ran.stdout) as {
      chunks: {total: number; pending: number}
      cache: {embed_hits: number; embed_misses: number}
    }
    const {embed_hits: hits, embed_misses: misses} = report.cache
    const faults: string[] = []
    if (report.chunks.total !== whole.chunks || report.chunks.pending !== 0)
      faults.push(`reported ${report.chunks.total} chunks, ${report.chunks.pending} pending`)
    if (hits + misses + before.vectors !== whole.chunks)
      faults.push(`${before.vectors} vectors were committed, and ${hits + misses} were made again`)
    const snapshot = snapshotCorpus(data, 'default')
    for (const part of ['documents', 'chunks', 'vectors'] as const)
      faults.push(...differences(part, whole.snapshot[part], snapshot[part]))
    faults.push(...answerDifferences(whole.answers, await this.#answers(data)))
    this.#note(where, faults)
  }

  #ingest(data: string, target?: Target): Promise<RanRag> {
    const argv = [
      'ingest',
      '--dir',
      'docs',
      '--chunk-size',
      '24',
      '--chunk-overlap',
      '0',
      '--batch-size',
      '20',
    ]
    return runRag([...argv, '--quiet', '--json'], {
      cwd: this.#folder,
      dataDir: data,
      env: {RAG_MAX_WORKERS: WORKERS},
      ...(target === undefined ? {} : {onStart: (child) => killAt(child, data, target)}),
    })
  }

  async #answers(data: string): Promise<Answer[]> {
    const all = await Promise.all(
      MODES.map(async (mode) => {
        const argv = ['search', '--queries', 'queries.txt', '--format', 'jsonl', '--mode', mode]
        const ran = await runRag(argv, {cwd: this.#folder, dataDir: data})
        if (ran.code !== 0) this.#note(`search ${mode}`, [`exit ${String(ran.code)}: ${ran.stderr}`])
        const lines = ran.stdout.split('\n').filter((line) => line !== '')
        return lines.flatMap((line) => {
          const {query, hits} = JSON.parse(line) as {query: string; hits: {chunk_id: string; score: number}[]}
          return hits.map((hit, i) => ({
            place: `${mode} "${query}" ${i + 1}`,
            chunkId: hit.chunk_id,
            score: hit.score,
          }))
        })
      }),
    )
    return all.flat()
  }

  #note(where: string, faults: readonly string[]): void {
    for (const fault of faults) {
      this.#faults.push(`${where}: ${fault}`)
      this.#options.log(`FAULT ${where}: ${fault}`)
    }
  }
}

function killAt(child: ChildProcess, data: string, target: Target): void {
  const poll = setInterval(() => {
    if (!isReached(data, target)) return
    clearInterval(poll)
    setTimeout(() => child.kill('SIGKILL'), target.delayMs)
  }, POLL_MS)
  child.on('close', () => clearInterval(poll))
}

function isReached(data: string, {chunks, vectors, segments}: Target): boolean {
  const count = (db: Database.Database, table: string): number =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
  try {
    return withDatabase(
      data,
      (db) =>
        count(db, 'chunks') >= chunks && count(db, 'vectors') >= vectors && count(db, 'segments') >= segments,
    )
  } catch {
    return false // There is no store yet, or no table in it.
  }
}

function writeCorpus(folder: string, queriesFile: string): void {
  const text = new SeededText(7, 96)
  mkdirSync(folder, {recursive: true})
  for (let i = 0; i < DOCUMENTS; i++) {
    const name = `doc-${String(i).padStart(4, '0')}.md`
    writeFileSync(path.join(folder, name), `# Document ${i}\n\n${text.document(i % 20, PARAGRAPHS, 13)}`)
  }
  const queries = Array.from({length: 10}, (_, i) => text.words.slice(i * 9, i * 9 + 3).join(' '))
  writeFileSync(queriesFile, `${queries.join('\n')}\n`)
}

function placeOf(counts: StoreCounts, whole: Undisturbed): KillPlace {
  if (counts.documents === 0) return 'before any document'
  if (counts.chunks < whole.chunks) return 'reading'
  if (counts.vectors === 0) return 'before any vector'
  return counts.vectors < whole.chunks ? 'embedding' : 'after all vectors'
}

/** What was committed before a kill must be there after the next. */
function shrunk(before: StoreCounts, after: StoreCounts): string[] {
  return (['documents', 'chunks', 'vectors', 'segments', 'liveVersions'] as const)
    .filter((what) => after[what] < before[what])
    .map((what) => `${what} went down from ${before[what]} to ${after[what]}`)
}

function differences(
  what: string,
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)])
  const different = [...names].filter(
    (name) => JSON.stringify(expected[name]) !== JSON.stringify(found[name]),
  )
  return different.length === 0
    ? []
    : [
        `${different.length} of ${names.size} ${what} differ from the undisturbed run, such as ${different[0]}`,
      ]
}

function answerDifferences(expected: readonly Answer[], found: readonly Answer[]): string[] {
  if (expected.length !== found.length) return [`${found.length} hits instead of ${expected.length}`]
  const different = expected.filter((answer, i) => {
    const other = found[i]!
    return (
      answer.place !== other.place ||
      answer.chunkId !== other.chunkId ||
      Math.abs(answer.score - other.score) > 1e-9
    )
  })
  return different.length === 0
    ? []
    : [
        `${different.length} of ${expected.length} hits differ from the undisturbed run, such as ${different[0]!.place}`,
      ]
}

/** The figures of a run, for a person. */
export function describeResult(result: KillLoopResult): string {
  const hits = Object.entries(result.hits).map(([place, count]) => `${count} ${place}`)
  return (
    `${result.kills} kills (${hits.join(', ')}), ${result.finished} ingests finished and compared, ` +
    `${result.chunks} chunks, ${result.segments} segments, ${result.faults.length} faults, ${result.seconds.toFixed(1)} s`
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {values} = parseArgs({options: {rounds: {type: 'string'}, seed: {type: 'string'}}})
  const result = await killLoop({
    rounds: Number(values.rounds ?? 20),
    seed: Number(values.seed ?? 1),
    log: (line) => process.stdout.write(`${line}\n`),
  })
  process.stdout.write(`${describeResult(result)}\n`)
  process.exitCode = result.faults.length === 0 ? 0 : 1
}
