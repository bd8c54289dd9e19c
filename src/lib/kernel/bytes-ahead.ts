/** Counts bytes that were sent and not taken up yet, and lets their sender wait while there are too many. */
export class BytesAhead {
  readonly #limit: number
  #bytes = 0
  #isEnded = false
  #waiting: (() => void)[] = []

  /** @param limit from so many bytes on a sender waits; one message may go beyond it */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Resolves when there is room for more, or nobody takes anything any more. */
  async sent(bytes: number): Promise<void> {
    this.#bytes += bytes
    while (this.#bytes >= this.#limit && !this.#isEnded)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  taken(bytes: number): void {
    this.#bytes -= bytes
    this.#wake()
  }

  /** The other side is gone or wants no more: nobody waits any longer. */
  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
