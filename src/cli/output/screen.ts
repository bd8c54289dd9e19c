import type {Output, Surroundings} from '../surroundings.js'

/** What a reporter must know of where its text will be shown. */
export interface Screen {
  /** Columns that a line may take; `Infinity` on a pipe, where nothing is wrapped. */
  readonly width: number
  readonly colour: boolean
  readonly tty: boolean
}

/** Facts of standard output. `NO_COLOR` beats `FORCE_COLOR`, which beats the terminal. */
export function screenOf(output: Output, env: Surroundings['env']): Screen {
  const tty = output.isTTY === true
  return {width: tty ? Math.max(40, output.columns ?? 80) : Infinity, colour: wantsColour(tty, env), tty}
}

function wantsColour(tty: boolean, env: Surroundings['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return tty && env['TERM'] !== 'dumb'
}

/**
 * Styles of text are written as marks that no text from elsewhere can hold, for each run has its own. The gate makes control sequences of
 * them when it has made all others visible.
 */
const RUN = `${Math.random()}`.slice(2)
const OPEN = `\ufdd0${RUN}`
const STYLES = {bold: ['b', '1'], dim: ['d', '2']} as const
const NORMAL = '22'

function styled(style: keyof typeof STYLES, text: string): string {
  return `${OPEN}${STYLES[style][0]}\ufdd1${text}${OPEN}n\ufdd1`
}

/** Bold, when the screen takes colours. */
export function bold(text: string, screen: Screen): string {
  return screen.colour ? styled('bold', text) : text
}

/** Dim, when the screen takes colours. */
export function dim(text: string, screen: Screen): string {
  return screen.colour ? styled('dim', text) : text
}

const ESCAPE = String.fromCharCode(27)

/** Puts the control sequences of our styles in the place of their marks. */
export function withStyles(text: string): string {
  if (!text.includes(OPEN)) return text
  return text
    .replaceAll(`${OPEN}b\ufdd1`, `${ESCAPE}[${STYLES.bold[1]}m`)
    .replaceAll(`${OPEN}d\ufdd1`, `${ESCAPE}[${STYLES.dim[1]}m`)
    .replaceAll(`${OPEN}n\ufdd1`, `${ESCAPE}[${NORMAL}m`)
}

/** A text without marks of styles, as it counts for its width. */
export function withoutStyles(text: string): string {
  return text.replaceAll(new RegExp(`${OPEN}[bdn]\ufdd1`, 'g'), '')
}
