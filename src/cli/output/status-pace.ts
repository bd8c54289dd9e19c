import type {WatchReport} from '../../lib/index.js'

/** While something waits, its status is told so often. */
const EVERY_MS = 60_000

/** Decides which status of a watch is worth a line. */
export class StatusPace {
  #line = ''
  #atMs = 0

  /** True when it is another one than was told last, or something has waited for a minute more. Of a start with nothing to do nothing is told. */
  isNews(
    {waiting, setAside, failed}: Pick<WatchReport, 'waiting' | 'setAside' | 'failed'>,
    nowMs: number,
  ): boolean {
    const line = `${waiting} ${setAside} ${failed}`
    const isQuiet = waiting + setAside + failed === 0
    if (line === this.#line && (isQuiet || nowMs - this.#atMs < EVERY_MS)) return false
    const isFirst = this.#line === ''
    this.#line = line
    this.#atMs = nowMs
    return !(isFirst && isQuiet)
  }
}
