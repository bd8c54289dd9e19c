/** Damaged rows that reads left out, each named once, as `TABLE KEY`. */
export class DamageLog {
  readonly #rows = new Set<string>()

  add(row: string): void {
    this.#rows.add(row)
  }

  /** Those since it was last asked. */
  take(): readonly string[] {
    const rows = [...this.#rows]
    this.#rows.clear()
    return rows
  }
}
