import type {Output, Surroundings} from '../surroundings.js'

/** What a reporter must know of where its text will be shown. */
export interface Look {
  /** Columns that a line may take; `Infinity` on a pipe, where nothing is wrapped. */
  readonly width: number
  readonly colour: boolean
  readonly tty: boolean
}

/** Facts of standard output. `NO_COLOR` beats `FORCE_COLOR`, which beats the terminal. */
export function lookOf(output: Output, env: Surroundings['env']): Look {
  const tty = output.isTTY === true
  return {width: tty ? Math.max(40, output.columns ?? 80) : Infinity, colour: wantsColour(tty, env), tty}
}

function wantsColour(tty: boolean, env: Surroundings['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return tty && env['TERM'] !== 'dumb'
}

const ESCAPE = String.fromCharCode(27)

/** Bold, when the screen takes colours. */
export function bold(text: string, look: Look): string {
  return look.colour ? `${ESCAPE}[1m${text}${ESCAPE}[22m` : text
}

/** Dim, when the screen takes colours. */
export function dim(text: string, look: Look): string {
  return look.colour ? `${ESCAPE}[2m${text}${ESCAPE}[22m` : text
}
