import {RagError, shorten} from './rag-error.js'

/** Names of corpora, documents, conversations and users, and what is not there. */

export const badName = (raw: string): RagError =>
  new RagError(
    'BAD_NAME',
    `"${shorten(raw)}" is not a corpus name: it must be 1–64 of a-z, 0-9, ".", "_", "-" and begin with a letter or digit; "tenant/name" has one "/".`,
    {hint: 'Use a name such as --corpus handbook or --corpus acme/handbook.'},
  )

export const badId = (raw: string, what: 'conversation' | 'user'): RagError =>
  new RagError(
    'USAGE',
    `--${what}: "${raw.slice(0, 120)}" can't name a ${what}: it must be 1–128 letters, digits, ".", "_", "-", ":", "@" or "+", and begin with a letter or digit.`,
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

export const conversationOfAnother = (id: string): RagError =>
  new RagError('USAGE', `Conversation "${id}" belongs to another user. Nothing was kept.`, {
    hint: 'Use another --conversation, or leave --user out.',
  })
