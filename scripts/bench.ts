/**
 * The figures of speed and memory beside their floors: `npm run bench [-- --json] [-- --files 20000]`.
 * Makes its own data (seeded), runs the built binary, and prints a table. Not a test: nothing here fails a build.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {openRag} from '../src/lib/index.ts'

const RAG = resolve('bin/rag.js')
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

interface Figure {
  readonly work: string
  readonly measured: string
  readonly bar: string
  readonly floor: string
}
const figures: Figure[] = []

/** mulberry32: the same data on every machine. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const SYLLABLES = 'ka lo mi ren tas vor pel sun dra ti on er al qui sta mon ber lin fo ga'.split(' ')
const COMMON =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an'.split(
    ' ',
  )

/** Small Markdown files of about 1.2 kB, words drawn by Zipf's law from 30,000. */
function makeFiles(folder: string, count: number): string[] {
  const next = random(42)
  const whole = (below: number): number => Math.floor(next() * below)
  const words = Array.from({length: 30_000}, () =>
    Array.from({length: 2 + whole(3)}, () => SYLLABLES[whole(SYLLABLES.length)]!).join(''),
  )
  const word = (): string =>
    next() < 0.4 ? COMMON[whole(COMMON.length)]! : words[Math.floor(next() ** 3 * words.length)]!
  const queries: string[] = []
  for (let i = 0; i < count; i++) {
    const dir = join(folder, `d${i % 20}`)
    if (i < 20) mkdirSync(dir, {recursive: true})
    let text = `# ${word()} ${word()} ${word()}\n\n`
    while (text.length < 1200) {
      if (text.length > 500 && text.length < 560) text += `## ${word()} ${word()}\n\n`
      text += `${Array.from({length: 8 + whole(10)}, word).join(' ')}. `
      if (next() < 0.25) text += '\n\n'
    }
    writeFileSync(join(dir, `f${i}.md`), text)
    if (i % Math.ceil(count / 50) === 0) queries.push(text.split('\n')[2]!.split(' ').slice(0, 6).join(' '))
  }
  return queries
}

interface Run {
  readonly ms: number
  readonly peakMb: number
}

/** Runs a command; a module loaded before it tells its peak memory when it ends. */
function run(args: readonly string[], dataDir: string): Run {
  const startedAt = performance.now()
  const child = spawnSync(process.execPath, ['--import', TELL_PEAK, RAG, ...args], {
    encoding: 'utf8',
    env: {...process.env, RAG_DATA_DIR: dataDir},
    maxBuffer: 1 << 28,
  })
  const ms = performance.now() - startedAt
  if (child.status !== 0) throw new Error(`rag ${args.join(' ')}: ${child.stderr}`)
  return {ms, peakMb: Number(/PEAK (\d+)/.exec(child.stderr)?.[1] ?? 0) / 1024}
}

const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('PEAK ' + process.resourceUsage().maxRSS))",
)}`

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const times = (count: number, work: () => number): number => median(Array.from({length: count}, work))
const ms = (value: number): string => `${value.toFixed(0)} ms`

function add(work: string, measured: string, bar: string, floor = ''): void {
  figures.push({work, measured, bar, floor})
  console.error(`${work}: ${measured} (bar ${bar}${floor ? `; floor ${floor}` : ''})`)
}

const folder = mkdtempSync(join(tmpdir(), 'rag-bench-'))
try {
  const dataDir = join(folder, 'store')
  const docs = join(folder, 'docs')
  const files = option('--files', 20_000)
  const queries = makeFiles(docs, files)

  const floor = times(9, () => {
    const t = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - t
  })
  const version = times(9, () => {
    const t = performance.now()
    spawnSync(process.execPath, [RAG, '--version'])
    return performance.now() - t
  })
  add(
    'rag --version',
    `${ms(version)}, ${(version / floor).toFixed(2)} × node`,
    '≤ 2.5 × node',
    `node -e 0 ${ms(floor)}`,
  )

  const text = run(['ingest', '--dir', docs, '--text-only', '--json', '--quiet'], dataDir)
  add(
    `${files} files searchable by keyword`,
    `${(files / (text.ms / 1000)).toFixed(0)} files/s, peak ${text.peakMb.toFixed(0)} MB`,
    '≥ 1500 files/s, ≤ 300 MB',
  )
  const rest = run(['ingest', '--dir', docs, '--json', '--quiet'], dataDir)
  add(
    'model, vectors and index of the same',
    `${(rest.ms / 1000).toFixed(1)} s, peak ${rest.peakMb.toFixed(0)} MB`,
    'all ≤ 1.25 × longest part',
  )
  const same = times(5, () => run(['ingest', '--dir', docs, '--json', '--quiet'], dataDir).ms)
  add('ingest again, nothing changed', ms(same), '≤ 700 ms')
  writeFileSync(
    join(docs, 'd0', 'f0.md'),
    `${readFileSync(join(docs, 'd0', 'f0.md'), 'utf8')}\n\nOne sentence more.\n`,
  )
  add('one file changed', ms(run(['ingest', '--dir', docs, '--json', '--quiet'], dataDir).ms), '≤ 900 ms')

  for (const mode of ['hybrid', 'keyword', 'vector']) {
    const cold = queries.slice(0, 9).map((query) => run(['search', query, '--mode', mode, '--json'], dataDir))
    add(
      `cold search, ${mode}, whole process`,
      `${ms(median(cold.map((r) => r.ms)))}, peak ${median(cold.map((r) => r.peakMb)).toFixed(0)} MB`,
      mode === 'hybrid' ? '≤ 250 ms, ≤ 110 MB at 20,000 chunks' : '',
      `node -e 0 ${ms(floor)}`,
    )
  }

  const rag = await openRag({dataDir})
  const {chunks} = await rag.showCorpus('default')
  for (const mode of ['hybrid', 'keyword', 'vector'] as const) {
    const took: number[] = []
    for (const query of [...queries, ...queries]) {
      const t = performance.now()
      await rag.search('default', {query, mode})
      took.push(performance.now() - t)
    }
    const sorted = took.slice(queries.length).sort((a, b) => a - b)
    const at = (share: number): string => sorted[Math.floor(sorted.length * share)]!.toFixed(1)
    add(
      `warm search, ${mode}, ${chunks} chunks`,
      `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`,
      mode === 'hybrid' ? 'p50 ≤ 5, p95 ≤ 15 ms at 100,000' : '',
    )
  }
  await rag.close()

  if (process.argv.includes('--json')) console.log(JSON.stringify(figures, null, 2))
  else {
    const width = Math.max(...figures.map((figure) => figure.work.length))
    for (const figure of figures)
      console.log(
        `${figure.work.padEnd(width)}  ${figure.measured.padEnd(34)}  ${figure.bar}  ${figure.floor}`,
      )
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}
