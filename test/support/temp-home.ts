import {createHash} from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {runRag, type RagRun, type RanRag} from './run-rag.js'

/** What `rag ingest --json` answers. */
export interface IngestJson {
  readonly corpus: string
  readonly model: string
  readonly dimension: number
  readonly documents: Readonly<Record<'added' | 'updated' | 'unchanged' | 'deleted' | 'failed', number>>
  readonly chunks: Readonly<Record<'added' | 'kept' | 'deleted' | 'total' | 'pending', number>>
  readonly cache: {readonly embed_hits: number; readonly embed_misses: number; readonly hit_rate: number}
  readonly checkpoints: number
  readonly failed: readonly {readonly source: string; readonly code: string; readonly message: string}[]
  readonly notes: readonly string[]
}

/** A folder of a test's own with a data dir in it, and the binary run against it. */
export class TempHome {
  readonly folder: string
  readonly data: string

  constructor(name = 'home') {
    this.folder = mkdtempSync(path.join(tmpdir(), `rag-${name}-`))
    this.data = path.join(this.folder, 'data')
  }

  path(name: string): string {
    return path.join(this.folder, name)
  }

  /** Writes a file below the folder, dated back so that its time stamp can be trusted. Returns its path. */
  write(name: string, content: string | Uint8Array, ageMs = 60_000): string {
    const file = this.path(name)
    mkdirSync(path.dirname(file), {recursive: true})
    writeFileSync(file, content)
    const at = (Date.now() - ageMs) / 1000
    utimesSync(file, at, at)
    return file
  }

  writeAll(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) this.write(name, content)
  }

  run(argv: readonly string[], more: RagRun = {}): Promise<RanRag> {
    return runRag(argv, {cwd: this.folder, dataDir: this.data, ...more})
  }

  /** Runs a command that must do all it was asked to do. */
  async ok(...argv: string[]): Promise<RanRag> {
    const ran = await this.run(argv)
    expect(ran.code, `rag ${argv.join(' ')}\n${ran.stderr}${ran.stdout}`).to.equal(0)
    return ran
  }

  /** The JSON of a command that must do all it was asked to do. */
  async json<T = IngestJson>(...argv: string[]): Promise<T> {
    const {stdout} = await this.ok(...argv, '--json')
    return JSON.parse(stdout) as T
  }

  /** Ids of the documents that a search finds, best first. */
  async found(query: string, ...more: string[]): Promise<string[]> {
    const {hits} = await this.json<{hits: {doc_id: string}[]}>('search', query, ...more)
    return hits.map((hit) => hit.doc_id)
  }

  remove(): void {
    rmSync(this.folder, {recursive: true, force: true})
  }
}

/**
 * Every file below a folder with size and SHA-256 of its bytes: equal ones mean that nothing was written. SQLite's shared
 * memory and an empty log, which a reader makes as well, hold nothing and do not count.
 */
export function bytesOf(folder: string): Record<string, string> {
  const all: Record<string, string> = {}
  for (const file of filesBelow(folder)) {
    const bytes = readFileSync(file)
    if (file.endsWith('-shm') || (file.endsWith('-wal') && bytes.length === 0)) continue
    all[path.relative(folder, file)] = `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`
  }
  return all
}

export function filesBelow(folder: string): string[] {
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true) return []
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

/** Files below a folder that hold the bytes of a text, upper and lower case alike. */
export function filesHolding(folder: string, text: string): string[] {
  const needle = text.toLowerCase()
  return filesBelow(folder).filter((file) => readFileSync(file, 'latin1').toLowerCase().includes(needle))
}
