import {RagError, shorten} from './errors/rag-error.js'

export {ERROR_CODES, exitOf, type ErrorCode} from './errors/error-table.js'
export {isAbout, isTransient} from './errors/questions.js'
export {RagError, reasonOf, shorten} from './errors/rag-error.js'

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
