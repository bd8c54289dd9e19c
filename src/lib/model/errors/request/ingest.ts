import {RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** What is to be ingested, replayed or watched, as it was named. */

export const nothingToIngest = (): RagError =>
  usage(
    'Nothing to ingest was named.',
    'Name a folder (--dir DIR), files, --jsonl FILE, or - for standard input.',
  )

export const oneTextSource = (): RagError =>
  usage('Give the text in one way: --text TEXT, --file FILE, or - for standard input.')

export const badMetadata = (raw: string): RagError =>
  usage(
    `--metadata: ${shorten(raw)} is not a JSON object.`,
    'For example: --metadata \'{"year":2026,"team":"people"}\'',
  )

export const nothingToWatch = (): RagError =>
  usage('Nothing to watch was named.', "Try: rag watch --glob 'DIR/*.msgpack'   or: rag watch --dir DIR")

export const emptyPattern = (): RagError =>
  new RagError('USAGE', 'A pattern for batches is empty.', {hint: "Name the files: --glob 'DIR/*.msgpack'"})

export const noBatchNamed = (): RagError =>
  new RagError('USAGE', 'No batch was named.', {hint: "Name them: rag replay --glob 'DIR/*.msgpack'"})

export const noBatchMatches = (patterns: readonly string[]): RagError =>
  new RagError('INPUT_MISSING', `No file matches ${patterns.join(', ')}. Nothing was changed.`, {
    hint: 'Put the pattern in quotes, lest the shell expands it; rag watch waits for files to come.',
  })

export const stdinUnnamed = (): RagError =>
  usage('A document on standard input has no name.', 'Give it one: rag ingest - --doc-id ID')

export const docIdWithoutStdin = (): RagError =>
  usage(
    '--doc-id names the document on standard input, and there is none.',
    'Read it with: rag ingest - --doc-id ID',
  )

export const stdinTwice = (): RagError =>
  usage('Standard input can be read only once: either - or --jsonl -.', 'Put one of the two into a file.')

export const emptyDocumentId = (): RagError =>
  usage('The document id is empty.', 'Name the document: rag docs upsert ID --file FILE')

export const noDocumentNamed = (): RagError => usage('No document was named.', 'Name one: rag docs delete ID')

export const dryRunOfStream = (): RagError =>
  usage('--dry-run works on folders and files.', 'Leave out --jsonl and -, or --dry-run.')
