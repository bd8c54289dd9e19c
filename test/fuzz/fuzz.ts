import {RagError} from '../../src/lib/index.js'
import {Coverage} from './coverage.js'
import {mutated, seeded} from './mutate.js'

/** Something that reads bytes of others. */
export interface Target {
  readonly name: string
  readonly corpus: () => Promise<readonly Uint8Array[]>
  /** Gives a value, or throws what `isRefusal` takes for a refusal. */
  readonly run: (input: Uint8Array) => unknown
  /** By default: a RagError that is not INTERNAL. */
  readonly isRefusal?: (error: unknown) => boolean
}

export interface Finding {
  readonly input: Uint8Array
  readonly why: string
}

export interface Fuzzed {
  readonly runs: number
  readonly blocks: number
  readonly kept: number
  readonly findings: readonly Finding[]
}

export interface FuzzOptions {
  readonly seed: number
  readonly forMs: number
  readonly onFinding?: (finding: Finding) => void
}

/** An input may take so long, and so much memory. Generous: other work runs on the same machine. */
const MAX_MS = 5000
const MAX_HEAP_BYTES = 400 * 1024 ** 2
/** Inputs between two looks at what was reached: a look costs more than a run. */
const BATCH = 32
const MAX_FINDINGS = 20

const isRefused = (error: unknown): boolean => error instanceof RagError && error.code !== 'INTERNAL'

/** Runs one input; says what is wrong, if anything. */
export async function faultOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  const {isRefusal = isRefused} = target
  const before = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  try {
    await target.run(input)
  } catch (error) {
    if (!isRefusal(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const tookMs = performance.now() - startedAt
  if (tookMs > MAX_MS) return `it took ${Math.round(tookMs)} ms`
  const grown = process.memoryUsage().heapUsed - before
  return grown > MAX_HEAP_BYTES ? `it took ${Math.round(grown / 1024 ** 2)} MiB` : undefined
}

/**
 * Mutates inputs that reached what none before had reached, and looks for one that is neither read nor refused. The same seed makes the same
 * mutations, as long as the code is the same; how far it comes in the time is up to the machine.
 */
export async function fuzz(target: Target, {seed, forMs, onFinding}: FuzzOptions): Promise<Fuzzed> {
  const random = seeded(seed)
  const coverage = new Coverage()
  const pool: Uint8Array[] = []
  const findings = new Map<string, Finding>()
  let runs = 0
  const run = async (input: Uint8Array): Promise<void> => {
    runs++
    const why = await faultOf(target, input)
    if (why === undefined) return
    const kind = why.split('\n').slice(0, 2).join()
    if (findings.has(kind)) return
    findings.set(kind, {input, why})
    onFinding?.({input, why})
  }
  await coverage.start()
  try {
    for (const input of await target.corpus()) {
      await run(input)
      coverage.remember(await coverage.reached())
      pool.push(input)
    }
    const until = performance.now() + forMs
    const pick = (): Uint8Array => pool[Math.floor(random() * pool.length)]!
    while (performance.now() < until && findings.size < MAX_FINDINGS) {
      const batch = Array.from({length: BATCH}, () => mutated(random, pick(), pick()))
      for (const input of batch) await run(input)
      if (!coverage.hasNew(await coverage.reached())) continue
      for (const input of batch) {
        await run(input)
        if (coverage.remember(await coverage.reached()) > 0) pool.push(input)
      }
    }
    return {runs, blocks: coverage.size, kept: pool.length, findings: [...findings.values()]}
  } finally {
    await coverage.stop()
  }
}
