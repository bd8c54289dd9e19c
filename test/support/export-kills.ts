import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import path from 'node:path'
import {ExportWorld} from './export-world.js'
import {snapshotCorpus} from './corpus-snapshot.js'
import {seededNumbers, SeededText} from './seeded-text.js'
import type {RanRag} from './run-rag.js'
import type {TempHome} from './temp-home.js'

/** Until the program is loaded, nothing can be hit. */
const START_MS = 60
const DOCUMENTS = 300

export interface ExportKills {
  readonly faults: readonly string[]
  readonly kills: number
  /** Rounds that were through before the kill came. */
  readonly finished: number
  /** Kills after which the new state was there. */
  readonly after: number
  /** Kills that left files for the next run to take away. */
  readonly orphans: number
}

/** Documents that export as several files. */
export async function fillForExport(home: TempHome): Promise<void> {
  const text = new SeededText(11, 96)
  for (let i = 0; i < DOCUMENTS; i++)
    home.write(`docs/d${i}.md`, `# Document ${i}\n\n${text.document(i % 20, 15, 13)}`)
  await home.ok('ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0', '--quiet')
}

interface Round {
  /** Brings the folder into the state before. */
  readonly before: () => void
  readonly argv: readonly string[]
  readonly folder: string
}

/**
 * Kills a command that writes batches at random instants: what `rag replay` takes of the folder must be the state before or the new one,
 * and the same command must then leave, byte for byte, what it leaves undisturbed.
 */
async function killExports(
  home: TempHome,
  {before, argv, folder}: Round,
  rounds: number,
  seed: number,
): Promise<ExportKills> {
  const random = seededNumbers(seed)
  const faults: string[] = []
  const world = ExportWorld.at(home.path(folder))
  let [kills, finished, after, orphans] = [0, 0, 0, 0]
  before()
  const old = await world.taken()
  const {tookMs} = await home.ok(...argv)
  const next = await world.taken()
  const whole = world.content()
  // The store is only read: where nothing new is ingested it stays as it is.
  for (let round = 1; kills < rounds && round < 20 * rounds; round++) {
    before()
    // Every third kill hits what an earlier one has left.
    for (let again = 0; again < 3; again++) {
      const ran: RanRag = await home.run(argv, {timeoutMs: START_MS + random() * (tookMs - START_MS)})
      const note = (fault: string): void => void faults.push(`round ${round}.${again}: ${fault}`)
      const taken = JSON.stringify(await world.taken())
      if (ran.signal !== 'SIGKILL') {
        finished++
        if (ran.code !== 0) note(`exit ${String(ran.code)}: ${ran.stderr}`)
        if (taken !== JSON.stringify(next)) note('done, and it is not the new state')
        break
      }
      kills++
      if (world.hidden().some((name) => name !== '.rag-export.lock')) orphans++
      if (taken === JSON.stringify(next)) after++
      else if (taken !== JSON.stringify(old)) note('a mix would be taken')
    }
    const healed = await home.run(argv)
    if (healed.code !== 0) faults.push(`round ${round}: ${healed.stderr}`)
    if (JSON.stringify(world.content()) !== JSON.stringify(whole))
      faults.push(`round ${round}: the files are others`)
    const hidden = world.hidden().filter((name) => name !== '.rag-export.lock')
    if (hidden.length > 0) faults.push(`round ${round}: left ${hidden.join(', ')}`)
  }
  return {faults, kills, finished, after, orphans}
}

/** `rag export` in the place of an export of an earlier state. */
export async function killExport(home: TempHome, rounds: number, seed: number): Promise<ExportKills> {
  await home.ok('export', '--out', 'old', '--max-records', '500')
  await home.ok('docs', 'upsert', '--doc-id', 'more', '--text', 'another document, of bees')
  const before = (): void => {
    rmSync(home.path('out'), {recursive: true, force: true})
    cpSync(home.path('old'), home.path('out'), {recursive: true})
  }
  const argv = ['export', '--out', 'out', '--max-records', '500', '--quiet']
  return killExports(home, {before, argv, folder: 'out'}, rounds, seed)
}

/** An ingest whose work is done, but for its batches: as a run leaves it that was killed after it had embedded. */
export async function killLeaving(home: TempHome, rounds: number, seed: number): Promise<ExportKills> {
  await home.ok('ingest', '--dir', 'docs', '--msgpack-out', 'left', '--quiet')
  const text = new SeededText(12, 96)
  for (let i = 0; i < DOCUMENTS; i++) home.write(`docs/e${i}.md`, text.document(i % 20, 15, 13))
  await home.ok('ingest', '--dir', 'docs', '--quiet')
  const before = (): void => {
    rmSync(home.path('batches'), {recursive: true, force: true})
    cpSync(home.path('left'), home.path('batches'), {recursive: true})
  }
  const argv = ['ingest', '--dir', 'docs', '--msgpack-out', 'batches', '--quiet']
  return killExports(home, {before, argv, folder: 'batches'}, rounds, seed)
}

/** Kills whole ingests, of documents that change each round; at the end a replay elsewhere must make the same corpus. */
export async function killIngests(
  home: TempHome,
  rounds: number,
  seed: number,
): Promise<{kills: number; runs: number; faults: readonly string[]}> {
  const random = seededNumbers(seed)
  const text = new SeededText(seed, 96)
  const faults: string[] = []
  const argv = [
    'ingest',
    '--dir',
    'nightly',
    '--prune',
    '--corpus',
    'n',
    '--msgpack-out',
    'nights',
    '--quiet',
  ]
  const change = (round: number): void => {
    for (let i = 0; i < 40; i++) home.write(`nightly/r${round}-${i}.md`, text.document(i % 20, 8, 12))
    if (round > 1) rmSync(home.path(`nightly/r${round - 1}-3.md`))
  }
  change(0)
  const {tookMs} = await home.ok(...argv)
  let [kills, runs] = [0, 0]
  for (let round = 1; kills < rounds && round < 20 * rounds; round++) {
    change(round)
    const ran = await home.run(argv, {timeoutMs: START_MS + random() * tookMs})
    if (ran.signal === 'SIGKILL') kills++
    else if (ran.code !== 0) faults.push(`round ${round}: ${ran.stderr}`)
    // Whoever replays meanwhile must never be told of an error.
    const replayed = await home.run(replayOf('meanwhile', ['--state-file', 'meanwhile.json']))
    if (!isWell(replayed)) faults.push(`round ${round}: replay: ${replayed.stdout} ${replayed.stderr}`)
    if (round % 3 === 0) {
      await home.ok(...argv)
      runs++
    }
  }
  await home.ok(...argv)
  const expected = contentOf(home.data)
  rmSync(home.path('fresh'), {recursive: true, force: true})
  for (const [name, more] of [
    ['fresh', []],
    ['meanwhile', ['--state-file', 'meanwhile.json']],
  ] as const) {
    const ran = await home.run(replayOf(name, more))
    if (ran.code !== 0) faults.push(`${name}: ${ran.stdout} ${ran.stderr}`)
    if (JSON.stringify(contentOf(home.path(name))) !== JSON.stringify(expected))
      faults.push(`${name}: it is not the same corpus`)
  }
  const named = JSON.parse(readFileSync(home.path('nights/manifest.json'), 'utf8')) as {
    files: {file: string}[]
  }
  const there = readdirSync(home.path('nights')).filter((name) => name.endsWith('.msgpack'))
  if (
    there.sort().join() !==
    named.files
      .map(({file}) => file)
      .sort()
      .join()
  )
    faults.push('files that nothing names')
  return {kills, runs: runs + 1, faults}
}

const replayOf = (data: string, more: readonly string[]): string[] => [
  ...['replay', '--glob', 'nights/*.msgpack', '--corpus', 'n', '--data-dir', data, '--quiet', ...more],
]

/** Nothing there yet is no fault; nor are batches that a killed run gave names, and that are refused until the next takes them away. */
const isWell = ({code, stderr}: RanRag): boolean =>
  code === 0 || code === 4 || ((code === 3 || code === 5) && !/failed: (?!.*does not name it)/.test(stderr))

function contentOf(data: string): unknown {
  if (!existsSync(path.join(data, 'rag.db'))) return undefined
  const {documents, chunks, vectors} = snapshotCorpus(data, 'n')
  return {documents, chunks, vectors}
}
