import {type RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** Words of the command line that make no sense together, or none at all. */

export const unknownCommand = (id: string, near: string | undefined): RagError =>
  usage(
    id.startsWith('-')
      ? `"${shorten(id)}" is not a flag of rag itself.`
      : `There is no command "${shorten(id)}".`,
    near === undefined ? 'See all commands: rag --help' : `Did you mean: rag ${near}`,
  )

export const unknownFlags = (flags: readonly string[], near: string | undefined, command: string): RagError =>
  usage(
    `Unknown flag${flags.length === 1 ? '' : 's'}: ${flags.map((flag) => shorten(flag)).join(', ')}.`,
    near === undefined ? seeHelp(command) : `Did you mean --${near}? ${seeHelp(command)}`,
  )

export const flagMissing = (flag: string, command: string): RagError =>
  usage(`--${flag} is required.`, seeHelp(command))

export const valueMissing = (flag: string, command: string): RagError =>
  usage(`--${flag} needs a value.`, seeHelp(command))

export const argumentMissing = (argument: string, command: string): RagError =>
  usage(`The argument ${argument.toUpperCase()} is missing.`, seeHelp(command))

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
    `${what}: "${shorten(raw)}" is not ${wanted}.`,
    near === undefined ? seeHelp(command) : `Did you mean "${near}"? ${seeHelp(command)}`,
  )
}

export const badFlagValue = (flag: string, raw: string, wanted: string): RagError =>
  usage(`--${flag}: "${shorten(raw)}" is not ${wanted}.`)

export const badFilter = (raw: string): RagError =>
  usage(
    `--filter "${shorten(raw)}" is not a condition.`,
    "Write FIELD=VALUE, or use !=, <, <=, > or >= (quoted, for the shell): --filter 'year>=2020'",
  )

export const flagTwice = (one: string, other: string): RagError =>
  usage(`Give either ${one} or ${other}, not both.`)

export const onlyWithFormat = (flag: string, format: string): RagError =>
  usage(`${flag} is for --format ${format} alone.`, `Add --format ${format}, or leave ${flag} out.`)

/** Where to look: `command` as it is typed, empty for `rag` itself. */
export const seeHelp = (command: string): string => `See: rag ${command === '' ? '' : `${command} `}--help`
