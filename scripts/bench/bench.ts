import {mkdtempSync, rmSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import type {Rag, RagOptions} from '../../src/lib/index.js'
import {ingestedFiles, type IngestedFiles} from './file-corpus.js'
import {vectorStore, type VectorStore} from './vector-corpus.js'
import type {Figure} from './figure.js'

/** A thing to measure. */
export interface Work {
  readonly name: string
  readonly about: string
  readonly run: (bench: Bench) => Promise<readonly Figure[]>
}

/** What the works share: a folder that goes when all is done, sizes, and corpora that are made once, when first asked for. */
export class Bench {
  readonly quick: boolean
  readonly threads = availableParallelism()
  readonly folder = mkdtempSync(path.join(tmpdir(), 'rag-bench-'))
  #files: Promise<IngestedFiles> | undefined
  #vectors: Promise<VectorStore> | undefined

  constructor(quick: boolean) {
    this.quick = quick
  }

  size(full: number, quick: number): number {
    return this.quick ? quick : full
  }

  path(name: string): string {
    return path.join(this.folder, name)
  }

  /** The library as it is shipped. */
  async open(options: RagOptions): Promise<Rag> {
    const built = path.resolve('dist/lib/index.js')
    const {openRag} = (await import(built)) as {openRag: (options: RagOptions) => Promise<Rag>}
    return openRag(options)
  }

  /** Small Markdown files, ingested by the binary. */
  files(): Promise<IngestedFiles> {
    return (this.#files ??= ingestedFiles(this))
  }

  /** A store of vectors that fill some segments; copy it before changing it. */
  vectors(): Promise<VectorStore> {
    return (this.#vectors ??= vectorStore(this))
  }

  close(): void {
    rmSync(this.folder, {recursive: true, force: true})
  }
}

export interface Timed<T> {
  readonly value: T
  readonly seconds: number
}

export async function timed<T>(act: () => Promise<T> | T): Promise<Timed<T>> {
  const startedAt = performance.now()
  const value = await act()
  return {value, seconds: (performance.now() - startedAt) / 1000}
}

/** The value at a share of the sorted ones: .5 is the median. */
export function quantile(values: readonly number[], share = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
