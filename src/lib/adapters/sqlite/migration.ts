/** One step from a format to the next. Append-only: a released step is never changed. */
export interface Migration {
  readonly format: number
  readonly sql: string
}
