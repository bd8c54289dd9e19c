import type {RagError} from '../lib/index.js'
import {suggest} from './suggest.js'
import {
  argumentMissing,
  flagMissing,
  notAChoice,
  valueMissing,
} from '../lib/model/errors/request/command-line.js'

/** What is known of a flag or argument: the few values that it takes, if it does. */
interface Taker {
  readonly options?: readonly string[]
}

/**
 * The house's error for one of oclif's parser, which says only in its message what is wrong; undefined for any other.
 * @param takers the flags and arguments of the command, by name
 */
export function explainUsage(
  thrown: Error,
  takers: Readonly<Record<string, Taker>>,
  command: string,
): RagError | undefined {
  if (!('parse' in thrown) && !('oclif' in thrown)) return undefined
  const [said = ''] = thrown.message.split('\nSee more help with --help')
  return explainChoice(said, takers, command) ?? explainMissing(said, command)
}

/** `Expected --mode=x to be one of: a, b`; for an argument without its name. */
function explainChoice(
  said: string,
  takers: Readonly<Record<string, Taker>>,
  command: string,
): RagError | undefined {
  for (const [name, {options}] of Object.entries(takers)) {
    if (options === undefined) continue
    const tail = ` to be one of: ${options.join(', ')}`
    if (!said.endsWith(tail)) continue
    const raw = said.slice('Expected '.length, -tail.length)
    const flag = `--${name}=`
    const choice = (what: string, value: string): RagError => {
      const near = options.length === 1 ? undefined : suggest(value, options)
      return notAChoice({what, raw: value, options, near, command})
    }
    if (raw.startsWith(flag)) return choice(`--${name}`, raw.slice(flag.length))
    if (!raw.startsWith('--')) return choice(name.toUpperCase(), raw)
  }
  return undefined
}

function explainMissing(said: string, command: string): RagError | undefined {
  const flag = /Missing required flag ([\w-]+)/.exec(said)?.[1]
  if (flag !== undefined) return flagMissing(flag, command)
  const valueOf = /^Flag --([\w-]+) expects a value/.exec(said)?.[1]
  if (valueOf !== undefined) return valueMissing(valueOf, command)
  const argument = /^Missing \d+ required args?:\s+([\w-]+)/.exec(said)?.[1]
  return argument === undefined ? undefined : argumentMissing(argument, command)
}
