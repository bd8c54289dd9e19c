/** What happened to a store, as those who used it tell it. Times are milliseconds of one clock, that of the script that drove them. */
export interface History {
  readonly calls: readonly Call[]
  /** What the store held when all had ended, by corpus and document. */
  readonly final: Readonly<Record<string, Contents>>
}

/** Document → mark of its text. Each write has a mark of its own, so that what is read names the write. */
export type Contents = Readonly<Record<string, string>>

/**
 * How a call ended. `done`: reported as done. `refused`: reported as not done (a lease was held). `unknown`: killed, or failed
 * half-way; it may have been done, or not. `late`: it lost its lease, to the calls named by `lostTo`.
 */
export type Outcome = 'done' | 'refused' | 'unknown' | 'late'

interface CallBase {
  readonly id: number
  /** Processes that came one after the other in the same place are clients of their own. */
  readonly client: string
  readonly corpus: string
  readonly begin: number
  /** Absent when it never ended. */
  readonly end?: number | undefined
  readonly outcome: Outcome
  /** Version of the corpus that it reported. */
  readonly version?: number | undefined
}

export interface WriteCall extends CallBase {
  readonly what: 'write'
  /** How, for a person: upsert, ingest, delete, … */
  readonly verb: string
  /** Document → mark, or null where it was deleted. Empty for what changes no document (rebuild, repair). */
  readonly writes: Readonly<Record<string, string | null>>
  /** Calls that took the lease from this one and were done before it ended. */
  readonly lostTo?: readonly number[] | undefined
}

export interface ReadCall extends CallBase {
  readonly what: 'read'
  /** All documents, or those of interest: a document of interest that is absent was not found. */
  readonly about: 'all' | readonly string[]
  readonly saw: Contents
}

export type Call = WriteCall | ReadCall
