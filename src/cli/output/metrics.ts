import {readFileSync, renameSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {knownSecrets, type CallOptions} from '../../lib/index.js'
import {isPrometheusText, ownFile, type StoreFolders} from './own-file.js'
import {metricsNotWritten} from '../../lib/model/errors/request/input-file.js'

/** What a run did, as figures for Prometheus. */
export interface RunFigures {
  readonly inserted: number
  readonly skipped: number
  readonly failed: number
  readonly seconds: number
  /** Chunks without a vector when it ended; absent when it is not known. */
  readonly pending?: number
  /** True when all was done that was asked for. */
  readonly isSuccess: boolean
  /** More gauges, by name without `rag_`, with what they say. */
  readonly more?: Readonly<Record<string, {readonly help: string; readonly value: number}>>
}

const LAST_SUCCESS = 'rag_last_success_timestamp_seconds'

/** The file that figures are written to, and the store that it must not be of. */
export interface MetricsPlace {
  readonly path: string
  readonly folders: StoreFolders
}

/** Figures of one command for the textfile collector of Prometheus' node exporter. */
export class Metrics {
  readonly #path: string
  readonly #folders: StoreFolders
  readonly #labels: {readonly command: string; readonly corpus: string}
  readonly #embedSeconds: number[] = []

  /** @throws RagError USAGE for a file of the store, or one that holds anything else */
  constructor({path, folders}: MetricsPlace, labels: {readonly command: string; readonly corpus: string}) {
    this.#path = path
    this.#folders = folders
    this.#target()
    this.#labels = labels
  }

  /** To be given to the call whose embedder is to be timed. */
  readonly onEmbed: NonNullable<CallOptions['onEmbed']> = ({ms}) => {
    this.#embedSeconds.push(ms / 1000)
  }

  /** Writes the file: the old content or the new one at any instant. @throws RagError USAGE when it can't be written */
  async write(figures: RunFigures, nowMs: number): Promise<void> {
    const text = await this.#text(figures, nowMs)
    const target = this.#target()
    const staged = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    try {
      writeFileSync(staged, text)
      renameSync(staged, target)
    } catch (error) {
      throw metricsNotWritten(this.#path, error)
    }
  }

  #target(): string {
    const file = {
      flag: '--metrics',
      path: this.#path,
      kind: 'metrics of Prometheus',
      isOfKind: isPrometheusText,
    }
    return ownFile(file, this.#folders)
  }

  async #text(figures: RunFigures, nowMs: number): Promise<string> {
    const {
      default: {Gauge, Histogram, Registry},
    } = await import('prom-client')
    const registry = new Registry()
    registry.setDefaultLabels(this.#labels)
    const gauge = (name: string, help: string, value: number): void =>
      new Gauge({name, help, registers: [registry]}).set(value)
    const rows = new Gauge({
      name: 'rag_rows',
      help: 'Documents or records of the last run by what became of them.',
      labelNames: ['outcome'],
      registers: [registry],
    })
    for (const outcome of ['inserted', 'skipped', 'failed'] as const) rows.set({outcome}, figures[outcome])
    const {seconds} = figures
    gauge(
      'rag_rows_per_second',
      'Rows a second of the last run.',
      (figures.inserted + figures.skipped) / Math.max(seconds, 1e-3),
    )
    gauge('rag_run_duration_seconds', 'How long the last run took.', seconds)
    if (figures.pending !== undefined)
      gauge('rag_pending_chunks', 'Chunks without a vector.', figures.pending)
    gauge('rag_last_run_timestamp_seconds', 'When the last run ended.', nowMs / 1000)
    gauge(
      'rag_last_run_success',
      '1 when the last run did all it was asked to do.',
      figures.isSuccess ? 1 : 0,
    )
    const success = figures.isSuccess ? nowMs / 1000 : this.#lastSuccess()
    if (success !== undefined) gauge(LAST_SUCCESS, 'When a run last did all it was asked to do.', success)
    for (const [name, {help, value}] of Object.entries(figures.more ?? {})) gauge(`rag_${name}`, help, value)
    const latency = new Histogram({
      name: 'rag_embedding_seconds',
      help: 'How long calls of the embedder took in the last run.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    })
    for (const one of this.#embedSeconds) latency.observe(one)
    return knownSecrets.mask(await registry.metrics())
  }

  /** As the file has it, which a failed run must not lose. */
  #lastSuccess(): number | undefined {
    try {
      const found = new RegExp(`^${LAST_SUCCESS}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(
        readFileSync(this.#path, 'utf8'),
      )
      const value = Number(found?.[1])
      return Number.isFinite(value) ? value : undefined
    } catch {
      return undefined
    }
  }
}
