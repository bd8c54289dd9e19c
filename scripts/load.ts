/**
 * Mixed load on one store by several processes: ingest, replay, search, ask, delete softly and for good, back up, rebuild, clear caches.
 * Every minute a document that was deleted for good is looked for in the bytes of all files of the store, and memory, file
 * descriptors, files and bytes of the disk are written down; at the end they must not have grown, and the history of all calls is checked.
 *
 * Usage: npm run load -- [--minutes 60] [--seed 1]; ends with 1 when something was wrong.
 */
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {inspectStore} from '../test/support/corpus-snapshot.js'
import {checkHistory} from '../test/support/histories/check-history.js'
import type {Verb} from '../test/support/histories/client.js'
import {CORPORA, Play, wait} from '../test/support/histories/play.js'
import {filesBelow, filesHolding} from '../test/support/temp-home.js'

export interface LoadOptions {
  readonly ms: number
  /** From one proof of a deletion to the next. */
  readonly proofEveryMs: number
  readonly seed: number
  readonly folder: string
  readonly log: (line: string) => void
}

/** What a long-living process and the store use at an instant. */
export interface Sample {
  readonly minute: number
  readonly rssBytes: number
  readonly descriptors: number
  readonly files: number
  readonly diskBytes: number
}

export interface LoadResult {
  readonly faults: readonly string[]
  readonly samples: readonly Sample[]
  readonly calls: number
  readonly counts: Readonly<Record<string, number>>
  /** Deletions that were proved by the bytes of the files. */
  readonly proofs: number
}

const WRITER: readonly Verb[] = ['upsert', 'upsert', 'ingest', 'replay', 'delete', 'delete', 'purge', 'sweep']
/** The first is left to the proofs; the second lives as long as the load, and is measured. */
const PLACES: readonly (readonly Verb[])[] = [
  [],
  ['search', 'search', 'ask', 'show', 'list'],
  WRITER,
  [...WRITER, 'rebuild', 'repair', 'clear caches', 'backup'],
]
const PROVER = 0
const MEASURED = 1
/** What is looked for is what grows, not how fast it can be done. */
const PAUSE_MS = 150
/** Fewer samples tell nothing of growth. */
const LEAST_SAMPLES = 8
/** A writer or a reader may be in the way of a removal, which then says so. */
const MOST_TRIES = 40

export async function load({ms, proofEveryMs, seed, folder, log}: LoadOptions): Promise<LoadResult> {
  const play = new Play({folder, seed, ms, places: PLACES, disturbEveryMs: 0, pauseMs: PAUSE_MS})
  const samples: Sample[] = []
  const faults: string[] = []
  let proofs = 0
  const startMs = performance.now()
  await play.run(async () => {
    while (performance.now() - startMs < ms) {
      const fault = await provenDeletion(play)
      if (fault === undefined) proofs++
      else faults.push(fault)
      const sample = sampleOf(play, (performance.now() - startMs) / 60_000)
      samples.push(sample)
      log(`${JSON.stringify(sample)}, ${play.calls.length} calls, ${proofs} proofs, ${faults.length} faults`)
      await wait(Math.min(proofEveryMs, Math.max(0, ms - (performance.now() - startMs))))
    }
  })
  const found = checkHistory(await play.history())
  faults.push(...play.faults, ...found, ...inspectStore(play.dataDir).faults, ...growth(samples))
  return {faults, samples, calls: play.calls.length, counts: play.counts, proofs}
}

/** Writes a document, has it searched, removes it for good, and looks for its words in all files of the store. */
async function provenDeletion(play: Play): Promise<string | undefined> {
  const target = {corpus: CORPORA[0]!, docIds: ['proof']}
  const written = await play.until(MOST_TRIES, () => play.call(PROVER, 'upsert', target))
  if (written?.what !== 'write') return 'the document of a proof could not be written'
  await play.call(PROVER, 'search', target)
  const removed = await play.until(MOST_TRIES, async () => {
    const call = await play.call(PROVER, 'purge', target)
    return play.proved.has(call.id) ? call : {...call, outcome: 'refused'}
  })
  if (!removed) return `a removal for good was not finished in ${MOST_TRIES} tries`
  const mark = written.writes['proof']!
  const holding = filesHolding(play.dataDir, mark)
  return holding.length === 0
    ? undefined
    : `${mark} was removed for good, and stands in ${holding.join(', ')}`
}

function sampleOf(play: Play, minute: number): Sample {
  const {pid} = play.clients[MEASURED]!
  const files = filesBelow(play.dataDir)
  const proc = `/proc/${pid}`
  const isLinux = existsSync(proc)
  const resident = isLinux ? /VmRSS:\s+(\d+)/.exec(readFileSync(`${proc}/status`, 'utf8')) : undefined
  return {
    minute: Math.round(minute * 100) / 100,
    rssBytes: Number(resident?.[1] ?? 0) * 1024,
    descriptors: isLinux ? readdirSync(`${proc}/fd`).length : 0,
    files: files.length,
    // Files may go while they are looked at.
    diskBytes: files.reduce((sum, file) => sum + (statSync(file, {throwIfNoEntry: false})?.size ?? 0), 0),
  }
}

/** What has grown: the middle of the last quarter beside that of the second; the first is for warming up. */
export function growth(samples: readonly Sample[]): string[] {
  if (samples.length < LEAST_SAMPLES) return []
  const quarter = Math.floor(samples.length / 4)
  const slack = {rssBytes: 32e6, descriptors: 8, files: 12, diskBytes: 8e6}
  return (Object.keys(slack) as (keyof typeof slack)[]).flatMap((what) => {
    const early = median(samples.slice(quarter, 2 * quarter).map((it) => it[what]))
    const late = median(samples.slice(-quarter).map((it) => it[what]))
    return late <= early * 1.25 + slack[what] ? [] : [`${what} grew from ${early} to ${late}`]
  })
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {values} = parseArgs({
    options: {minutes: {type: 'string'}, seed: {type: 'string'}},
  })
  const folder = mkdtempSync(path.join(tmpdir(), 'rag-load-'))
  const {faults, samples, calls, counts, proofs} = await load({
    ms: Number(values.minutes ?? 60) * 60_000,
    proofEveryMs: 60_000,
    seed: Number(values.seed ?? 1),
    folder,
    log: (line) => process.stdout.write(`${line}\n`),
  })
  process.stdout.write(
    `${calls} calls: ${JSON.stringify(counts)}\n${samples.length} samples, ${proofs} proofs\n`,
  )
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
  if (faults.length === 0) rmSync(folder, {recursive: true})
  else process.stdout.write(`The store is left in ${folder}.\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
