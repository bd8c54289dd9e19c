import {Session, type Profiler} from 'node:inspector/promises'

/** Which blocks of the library a piece of work reaches, as V8 itself counts them: no code is changed for it. */
export class Coverage {
  readonly #session = new Session()
  readonly #seen = new Set<string>()

  async start(): Promise<void> {
    this.#session.connect()
    await this.#session.post('Profiler.enable')
    await this.#session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: true})
    await this.reached()
  }

  /** Blocks that were reached since the last call. Counts are told apart by their size: a loop that turns more often is news. */
  async reached(): Promise<readonly string[]> {
    const {result} = (await this.#session.post(
      'Profiler.takePreciseCoverage',
    )) as Profiler.TakePreciseCoverageReturnType
    const blocks: string[] = []
    for (const {url, functions} of result) {
      if (!url.includes('/src/lib/')) continue
      for (const {ranges} of functions)
        for (const {startOffset, endOffset, count} of ranges)
          if (count > 0) blocks.push(`${url}:${startOffset}:${endOffset}:${Math.floor(Math.log2(count))}`)
    }
    return blocks
  }

  /** How many of these were never reached before; from now on they were. */
  remember(blocks: readonly string[]): number {
    const before = this.#seen.size
    for (const block of blocks) this.#seen.add(block)
    return this.#seen.size - before
  }

  hasNew(blocks: readonly string[]): boolean {
    return blocks.some((block) => !this.#seen.has(block))
  }

  get size(): number {
    return this.#seen.size
  }

  async stop(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
  }
}
