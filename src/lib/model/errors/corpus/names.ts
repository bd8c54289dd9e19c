import {listDocuments} from '../phrases.js'
import {RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** Names of corpora, and what is not there. */

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
    hint: listDocuments(corpus),
  })

export const documentsMissing = (docIds: readonly string[], corpus: string): RagError =>
  new RagError(
    'DOCUMENT_MISSING',
    `Corpus "${corpus}" has no document ${docIds
      .slice(0, 8)
      .map((id) => `"${shorten(id)}"`)
      .join(', ')}${docIds.length > 8 ? ', …' : ''}. Nothing was changed.`,
    {hint: listDocuments(corpus)},
  )

export const notDeleted = (corpus: string): RagError =>
  usage(`That is not its name: corpus "${corpus}" was not deleted.`)

export const needsYes = (corpus: string): RagError =>
  usage(
    `Deleting corpus "${corpus}" is for good, and there is no terminal to ask. Nothing was changed.`,
    `Say so with: rag corpus delete ${corpus} --yes`,
  )
