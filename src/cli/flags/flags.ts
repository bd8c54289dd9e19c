import * as Flags from '@oclif/core/flags'
import type {OptionFlag} from '@oclif/core/interfaces'
import {badFlagValue} from '../../lib/model/errors/request/command-line.js'
import {parseFilter} from './parse-filter.js'
import {parseShare} from './parse-share.js'
import {parseSize} from './parse-size.js'
import {SETTINGS, withEnv, wholeNumber, type SettingName} from '../settings/settings.js'

const settingHelp = (name: SettingName): string => withEnv(SETTINGS[name].about, ...SETTINGS[name].env)

const wholeBuilder = Flags.custom<number>({})

const listBuilder = Flags.custom<string>({multiple: true, multipleNonGreedy: true})

/** Flags that every command takes. */
export const globalFlags = {
  'data-dir': Flags.string({
    description: withEnv('folder of the store; default: the nearest .rag, or ./.rag', 'RAG_DATA_DIR'),
    helpValue: 'DIR',
    helpGroup: 'GLOBAL',
  }),
  json: Flags.boolean({description: 'print exactly one JSON document, also on failure', helpGroup: 'GLOBAL'}),
  quiet: Flags.boolean({char: 'q', description: 'no progress and no hints on stderr', helpGroup: 'GLOBAL'}),
  debug: Flags.boolean({
    description: 'stack traces and structured log lines on stderr [env: DEBUG=rag:*, RAG_LOG_LEVEL]',
    helpGroup: 'GLOBAL',
  }),
}

export const corpusFlag = Flags.string({char: 'c', description: settingHelp('corpus'), helpValue: 'NAME'})

export const modelFlag = Flags.string({char: 'm', description: settingHelp('model'), helpValue: 'NAME'})

export const waitFlag = numberFlag('wait', {
  description: 'wait up to so many seconds while another process writes the corpus; default: fail at once',
  helpValue: 'SECONDS',
  least: 0,
  most: 86_400,
})

export const filterFlag = Flags.custom<ReturnType<typeof parseFilter>>({
  char: 'f',
  description:
    'only documents for which FIELD=VALUE holds; also !=, <, <=, >, >=; repeat it for more conditions',
  helpValue: 'FIELD=VALUE',
  multiple: true,
  multipleNonGreedy: true,
  parse: async (raw) => parseFilter(raw),
})

/** For paths, which may hold line ends. `-0` is this flag too, but no short flag of the parser: that would take `-0.5` for it. */
export const nullFlag = Flags.boolean({
  description: '(or -0) end each path with a zero byte, for xargs -0; means --format files',
})

/** Arguments with `-0` written out, for a command that has the flag. */
export function withNullFlag(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((word, i) => (word === '-0' && (end < 0 || i < end) ? '--null' : word))
}

export const csvRawFlag = Flags.boolean({
  description: 'with --format csv: leave cells as they are that a spreadsheet would run as formulas',
})

/** What a flag for a whole number needs. */
export interface WholeProps {
  readonly description: string
  readonly helpValue?: string
  readonly char?: 'k'
  readonly least: number
  readonly most?: number
}

/** A flag that takes a whole number of a range. */
export function wholeFlag(name: string, {least, most, ...props}: WholeProps): OptionFlag<number | undefined> {
  const range =
    most === undefined ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`
  return wholeBuilder({
    helpValue: 'N',
    ...props,
    parse: async (raw: string) => given(wholeNumber(least, most)(raw), name, raw, range),
  })
}

/** A flag that takes a number, with decimals, of a range. */
export function numberFlag(
  name: string,
  {least, most, ...props}: WholeProps & {readonly most: number},
): OptionFlag<number | undefined> {
  return wholeBuilder({
    helpValue: 'X',
    ...props,
    parse: async (raw: string) => {
      const value = /^-?\d{0,15}\.?\d{1,15}$/.test(raw) ? Number(raw) : NaN
      return given(
        value >= least && value <= most ? value : undefined,
        name,
        raw,
        `a number from ${least} to ${most}`,
      )
    },
  })
}

/** How long a search waits for its query's vector. */
export const embedTimeoutFlag = numberFlag('embed-timeout', {
  description: "seconds to wait for the query's vector, then keyword search answers; default 2 for a service",
  helpValue: 'SECONDS',
  least: 0.01,
  most: 3600,
})

/** A flag that takes a size as people write it. The value is in bytes. */
export function sizeFlag(name: string, description: string): OptionFlag<number | undefined> {
  return wholeBuilder({
    description,
    helpValue: 'SIZE',
    parse: async (raw: string) => given(parseSize(raw), name, raw, 'a size such as 64MB'),
  })
}

/** A flag that takes a share, as `5%` or `0.05`. The value is from 0 to 1. */
export function shareFlag(name: string, description: string): OptionFlag<number | undefined> {
  return wholeBuilder({
    description,
    helpValue: 'SHARE',
    parse: async (raw: string) => given(parseShare(raw), name, raw, 'a share such as 5% or 0.05'),
  })
}

/** A flag that may be given more than once, one value each time. */
export function listFlag(description: string, helpValue: string): OptionFlag<string[] | undefined> {
  return listBuilder({description, helpValue})
}

function given<T>(value: T | undefined, name: string, raw: string, wanted: string): T {
  if (value === undefined) throw badFlagValue(name, raw, wanted)
  return value
}
