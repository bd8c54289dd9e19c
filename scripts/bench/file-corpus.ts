import {cpSync} from 'node:fs'
import type {Bench} from './bench.js'
import {runRag, type RanProcess} from './processes.js'
import {writeFiles} from './seeded-files.js'

/** A folder of small Markdown files, and a store that the binary has made of it in two steps. */
export interface IngestedFiles {
  readonly docs: string
  readonly count: number
  readonly queries: readonly string[]
  /** The whole of it, made in one run. */
  readonly dataDir: string
  /** As it was when all text was in and nothing else. */
  readonly textOnlyDir: string
  readonly text: RanProcess
  readonly whole: RanProcess
}

export async function ingestedFiles(bench: Bench): Promise<IngestedFiles> {
  const docs = bench.path('docs')
  const count = bench.size(20_000, 1500)
  const queries = writeFiles(docs, count)
  const argv = ['ingest', '--dir', docs, '--json', '--quiet']
  const textOnlyDir = bench.path('text-only')
  const text = runRag([...argv, '--text-only'], textOnlyDir)
  const dataDir = bench.path('files-store')
  const whole = runRag(argv, dataDir)
  return {docs, count, queries, dataDir, textOnlyDir, text, whole}
}

/** A copy that may be changed. */
export function copyStore(bench: Bench, from: string, name: string): string {
  const to = bench.path(name)
  cpSync(from, to, {recursive: true})
  return to
}
