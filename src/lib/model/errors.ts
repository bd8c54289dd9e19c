/** Every way `rag` can fail, as a closed set. Each has an exit code (`src/cli/exit-codes.ts`) and a section in `docs/errors.md`. */
export const ERROR_CODES = [
  'USAGE',
  'BAD_NAME',
  'CONFIG_INVALID',
  'STORE_MISSING',
  'CORPUS_MISSING',
  'DOCUMENT_MISSING',
  'SESSION_MISSING',
  'NO_EXAMPLES',
  'INPUT_MISSING',
  'INPUT_UNREADABLE',
  'NOT_TEXT',
  'TOO_LARGE',
  'BAD_INPUT',
  'BAD_VECTOR',
  'BATCH_DAMAGED',
  'ID_TAKEN',
  'PRUNE_REFUSED',
  'STORE_UNUSABLE',
  'STORE_READ_ONLY',
  'DISK_FULL',
  'STORE_DAMAGED',
  'BACKUP_MISSING',
  'BACKUP_DAMAGED',
  'INDEX_DAMAGED',
  'MODEL_DAMAGED',
  'STORE_BUSY',
  'LEASE_HELD',
  'LEASE_LOST',
  'STATE_HELD',
  'EMBEDDER_UNREACHABLE',
  'EMBEDDER_REFUSED',
  'EMBEDDER_BAD_ANSWER',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'CHAT_UNREACHABLE',
  'CHAT_REFUSED',
  'CHAT_BAD_ANSWER',
  'DIMENSION_MISMATCH',
  'MODEL_MISMATCH',
  'MODEL_UNKNOWN',
  'NO_VECTORS',
  'STORE_NEWER',
  'NATIVE_MODULE_MISSING',
  'INTERRUPTED',
  'INTERNAL',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * The one error class. `message` says what failed, on which input and why, and what is safe; `hint` what to type next.
 * All wording is in this file: one maker a case.
 */
export class RagError extends Error {
  override readonly name = 'RagError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  /** Also one made by another copy of this module: what is imported lazily can be loaded beside what was required. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'RagError' && 'code' in value
  }

  constructor(code: ErrorCode, message: string, more: {hint?: string; cause?: unknown} = {}) {
    super(message, more.cause === undefined ? undefined : {cause: more.cause})
    this.code = code
    this.hint = more.hint
  }
}

/** The text of anything thrown, without a stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export const usage = (message: string, hint?: string): RagError =>
  new RagError('USAGE', message, hint === undefined ? {} : {hint})

export const badName = (raw: string): RagError =>
  new RagError(
    'BAD_NAME',
    `"${shorten(raw)}" is not a corpus name: it must be 1–64 of a-z, 0-9, ".", "_", "-" and begin with a letter or digit; "tenant/name" has one "/".`,
    {hint: 'Use a name such as --corpus handbook or --corpus acme/handbook.'},
  )

export const corpusMissing = (name: string, known: readonly string[]): RagError =>
  new RagError('CORPUS_MISSING', `There is no corpus "${name}" in this store.`, {
    hint:
      known.length > 0
        ? `Known corpora: ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}.`
        : `Make it with: rag ingest --dir FOLDER --corpus ${name}`,
  })

export const documentMissing = (docId: string, corpus: string): RagError =>
  new RagError('DOCUMENT_MISSING', `Corpus "${corpus}" has no document "${shorten(docId)}".`, {
    hint: `List them with: rag docs list --corpus ${corpus}`,
  })

export const sessionMissing = (id: string): RagError =>
  new RagError('SESSION_MISSING', `There is no conversation "${shorten(id)}" in this store.`, {
    hint: 'List them with: rag sessions list',
  })

export const storeMissing = (dataDir: string): RagError =>
  new RagError('STORE_MISSING', `There is no store at ${dataDir}: nothing has been ingested yet.`, {
    hint: 'Make one with: rag ingest --dir FOLDER   (or name another with --data-dir or RAG_DATA_DIR)',
  })

export const inputMissing = (path: string, what = 'file or folder'): RagError =>
  new RagError('INPUT_MISSING', `No such ${what}: ${path}. Nothing was changed.`)

export const storeNewer = (path: string, found: number, known: number): RagError =>
  new RagError(
    'STORE_NEWER',
    `The store ${path} has format ${found}; this version of rag knows formats up to ${known}. Nothing was changed.`,
    {hint: 'Install the newer rag that wrote it, or name another store with --data-dir.'},
  )

export const leaseHeld = (corpus: string, holder: string): RagError =>
  new RagError('LEASE_HELD', `Corpus "${corpus}" is being written by ${holder}. Nothing was changed.`, {
    hint: 'Try again later, or let this command wait: --wait SECONDS',
  })

export const leaseLost = (corpus: string): RagError =>
  new RagError(
    'LEASE_LOST',
    `Another process took over the writing of corpus "${corpus}" (this one was silent for too long). What was committed before is safe.`,
    {hint: 'Run the same command again; it goes on where it stopped.'},
  )

export const interrupted = (what: string): RagError =>
  new RagError('INTERRUPTED', `Interrupted: ${what}`, {
    hint: 'Run the same command again; it goes on where it stopped.',
  })

/** Keeps a hostile input from filling the screen when an error quotes it. */
export function shorten(text: string, length = 120): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`
}
