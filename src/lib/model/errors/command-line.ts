import {RagError, reasonOf} from './rag-error.js'
import {usage} from './request.js'

/** What only the command line can find fault with. */

/** A setting that can't be taken. */
export interface ConfigProblem {
  readonly message: string
  /** What to edit or remove: a variable, or a key of a file, or the whole file. */
  readonly culprit: string
}

export const configInvalid = (problems: readonly ConfigProblem[]): RagError =>
  new RagError('CONFIG_INVALID', problems.map(({message}) => message).join(' '), {
    hint: `Correct or remove: ${problems.map(({culprit}) => culprit).join('; ')}`,
  })

export const badFlagValue = (flag: string, raw: string, wanted: string): RagError =>
  usage(`--${flag}: "${clip(raw)}" is not ${wanted}.`)

/** A value that is none of the few that a flag or argument takes. */
export interface WrongChoice {
  readonly what: string
  readonly raw: string
  readonly options: readonly string[]
  /** The one that was probably meant. */
  readonly near: string | undefined
  readonly command: string
}

export const notAChoice = ({what, raw, options, near, command}: WrongChoice): RagError => {
  const wanted = options.length === 1 ? `"${options[0]}"` : `one of ${options.join(', ')}`
  return usage(
    `${what}: "${clip(raw)}" is not ${wanted}.`,
    near === undefined ? seeHelp(command) : `Did you mean "${near}"? ${seeHelp(command)}`,
  )
}

export const flagMissing = (flag: string, command: string): RagError =>
  usage(`--${flag} is required.`, seeHelp(command))

export const valueMissing = (flag: string, command: string): RagError =>
  usage(`--${flag} needs a value.`, seeHelp(command))

export const argumentMissing = (argument: string, command: string): RagError =>
  usage(`The argument ${argument.toUpperCase()} is missing.`, seeHelp(command))

const seeHelp = (command: string): string => `See: rag ${command} --help`

export const badFilter = (raw: string): RagError =>
  usage(
    `--filter "${clip(raw)}" is not a condition.`,
    "Write FIELD=VALUE, or use !=, <, <=, > or >= (quoted, for the shell): --filter 'year>=2020'",
  )

export const queryTwice = (): RagError => usage('Give either a query or --queries FILE, not both.')

export const metricsNotWritten = (path: string, cause: unknown): RagError =>
  new RagError(
    'STORE_UNUSABLE',
    `The figures could not be written to ${path}: ${reasonOf(cause)}. What the command did is done.`,
    {hint: 'Name a file in a folder that may be written: --metrics FILE'},
  )

export const nothingToWatch = (): RagError =>
  usage('Nothing to watch was named.', "Try: rag watch --glob 'DIR/*.msgpack'   or: rag watch --dir DIR")

export const flagTwice = (one: string, other: string): RagError =>
  usage(`Give either ${one} or ${other}, not both.`)

export const onlyWithFormat = (flag: string, format: string): RagError =>
  usage(`${flag} is for --format ${format} alone.`, `Add --format ${format}, or leave ${flag} out.`)

export const msgpackToStdout = (): RagError =>
  usage('--msgpack-out needs a file: a batch is no text to print.', 'Print the JSON Lines with: --out -')

export const nothingToIngest = (): RagError =>
  usage(
    'Nothing to ingest was named.',
    'Name a folder (--dir DIR), files, --jsonl FILE, or - for standard input.',
  )

export const unknownCommand = (id: string, near: string | undefined): RagError =>
  usage(
    id.startsWith('-') ? `"${clip(id)}" is not a flag of rag itself.` : `There is no command "${clip(id)}".`,
    near === undefined ? 'See all commands: rag --help' : `Did you mean: rag ${near}`,
  )

export const unknownFlags = (flags: readonly string[], near: string | undefined, command: string): RagError =>
  usage(
    `Unknown flag${flags.length === 1 ? '' : 's'}: ${flags.map(clip).join(', ')}.`,
    near === undefined ? `See: rag ${command} --help` : `Did you mean --${near}? See: rag ${command} --help`,
  )

export const fileMissing = (path: string): RagError =>
  new RagError('INPUT_MISSING', `No such file: ${path}. Nothing was changed.`)

export const fileUnreadable = (path: string, why: string): RagError =>
  new RagError('INPUT_UNREADABLE', `${path} could not be read: ${why}. Nothing was changed.`)

export const notUtf8 = (label: string): RagError =>
  new RagError('NOT_TEXT', `${label} is not UTF-8 text. Nothing was changed.`, {
    hint: 'Files in other encodings are read by: rag ingest FILE',
  })

export const inputTooLarge = (label: string, limitBytes: number): RagError =>
  new RagError(
    'TOO_LARGE',
    `${label} holds more than ${showCount(limitBytes)} ${limitBytes === 1 ? 'byte' : 'bytes'}, the most that is taken at once.`,
  )

export const badMetadata = (raw: string): RagError =>
  usage(
    `--metadata: ${clip(raw)} is not a JSON object.`,
    'For example: --metadata \'{"year":2026,"team":"people"}\'',
  )

export const oneTextSource = (): RagError =>
  usage('Give the text in one way: --text TEXT, --file FILE, or - for standard input.')

export const documentsMissing = (docIds: readonly string[], corpus: string): RagError =>
  new RagError(
    'DOCUMENT_MISSING',
    `Corpus "${corpus}" has no document ${docIds
      .slice(0, 8)
      .map((id) => `"${clip(id)}"`)
      .join(', ')}${docIds.length > 8 ? ', …' : ''}. Nothing was changed.`,
    {hint: `List them with: rag docs list --corpus ${corpus}`},
  )

export const notDeleted = (corpus: string): RagError =>
  usage(`That is not its name: corpus "${corpus}" was not deleted.`)

export const needsYes = (corpus: string): RagError =>
  usage(
    `Deleting corpus "${corpus}" is for good, and there is no terminal to ask. Nothing was changed.`,
    `Say so with: rag corpus delete ${corpus} --yes`,
  )

export const sharedIndexDir = (indexDir: string, variable: string, dataDir: string): RagError =>
  usage(
    `${variable} names ${indexDir}, where the index files of ${dataDir} are: two stores must not share a folder. Nothing was changed.`,
    `Name another for the new store, or none: ${variable}= rag restore …`,
  )

/** A number as the command line shows it: `12,345`. */
const showCount = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')

/** Keeps a hostile argument from filling the screen when an error quotes it. */
function clip(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}… (${showCount(text.length)} characters)`
}

export const twoAnswerers = (): RagError =>
  usage('--extractive means without a chat model: give either it or --chat-model, not both.')

export const profileNeedsUser = (): RagError =>
  usage(
    '--profile-update needs --user: whose profile is it?',
    'For example: --user ann --profile-update team=people',
  )

export const oneOfSessionOrUser = (): RagError =>
  usage('Name either a conversation or --user ID.', 'List them with: rag sessions list')

export const nameSessions = (): RagError =>
  usage(
    'Name what to delete: ids of conversations, or --user ID, or --all. Nothing was changed.',
    'List them with: rag sessions list',
  )

export const conversationsMissing = (ids: readonly string[]): RagError =>
  new RagError(
    'SESSION_MISSING',
    `There is no conversation ${ids
      .slice(0, 8)
      .map((id) => `"${clip(id)}"`)
      .join(', ')} in this store. Nothing was changed.`,
    {
      hint: 'List them with: rag sessions list',
    },
  )

export const noProfile = (user: string): RagError =>
  new RagError('SESSION_MISSING', `Nothing is known of user "${clip(user)}".`, {
    hint: 'A profile is kept of who asks with: rag ask --user ID',
  })

export const fileNotWritten = (path: string, why: string): RagError =>
  new RagError('INPUT_UNREADABLE', `${path} could not be written: ${why}. Nothing was written.`)

export const noFolderToRestoreInto = (): RagError =>
  usage('--into names no folder.', 'Name the data folder to restore into: --into NEW')
