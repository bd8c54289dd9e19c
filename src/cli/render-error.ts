import {REPORT_FAULT} from '../lib/model/errors/program/fault.js'
import {seeHelp} from '../lib/model/errors/request/command-line.js'
import type {ErrorResult} from '../contract/index.js'
import {exitOf, knownSecrets, RagError, type ErrorCode} from '../lib/index.js'
import {failureJson} from './json/failure.js'
import {visibleName} from './output/visible.js'

/** An error as the command line shows it. */
export interface ShownError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
  readonly exit: number
  readonly stack: string | undefined
}

/** What oclif adds to the errors of its parser. */
interface OclifError extends Error {
  readonly oclif?: {readonly exit?: number}
  readonly parse?: unknown
  readonly code?: string
}

/** Makes anything that was thrown presentable: known errors, oclif's own (exit 2), and faults (INTERNAL). */
export function describeError(thrown: unknown, command?: string): ShownError {
  const stack = thrown instanceof Error ? withCauses(thrown) : undefined
  if (thrown instanceof RagError) {
    const {code, hint} = thrown
    return {
      code,
      message: unwrapped(thrown.message),
      hint: hint ?? (code === 'INTERNAL' ? REPORT_FAULT : undefined),
      exit: exitOf(code),
      stack,
    }
  }
  if (thrown instanceof Error && isUsage(thrown)) {
    return {
      code: 'USAGE',
      message: knownSecrets.mask(plain(unwrapped(thrown.message))).replaceAll(/\s*\n\s*/g, ' '),
      hint: seeHelp(command ?? ''),
      exit: 2,
      stack,
    }
  }
  const message = knownSecrets.mask(
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  )
  return {code: 'INTERNAL', message, hint: REPORT_FAULT, exit: exitOf('INTERNAL'), stack}
}

/** For people: one or two lines, and the stack when it was asked for. */
export function renderError(error: ShownError, debug: boolean): string {
  const lines = [`rag: error: ${visibleName(error.message)}`]
  if (error.hint !== undefined) lines.push(`  ${visibleName(error.hint)}`)
  if (debug && error.stack !== undefined) lines.push(error.stack)
  return `${lines.join('\n')}\n`
}

/** For scripts: one JSON document. */
export function renderErrorJson(error: ShownError): string {
  const result: ErrorResult = {error: failureJson(error)}
  return `${JSON.stringify(result, null, 2)}\n`
}

/** True when a stack trace was asked for: `--debug`, or `DEBUG` names rag. */
export function wantsDebug(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return beforeDashes(argv).includes('--debug') || /(^|[\s,])(\*|rag:?\*?)/.test(env['DEBUG'] ?? '')
}

/** True when the arguments ask for JSON, readable even when they can't be parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const given = beforeDashes(argv)
  if (given.includes('--json') || given.includes('--format=json')) return true
  return given.some((word, i) => word === '--format' && given[i + 1] === 'json')
}

function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}

function isUsage(error: OclifError): boolean {
  return error.parse !== undefined || error.oclif?.exit === 2 || error.code === 'EEXIT'
}

/** Takes off what oclif's parser puts around the message of an error that a flag's own parser threw. */
function unwrapped(message: string): string {
  return message
    .replace(/^Parsing --[\w-]+ \n\t/, '')
    .replace(/\nSee more help with --help$/, '')
    .trim()
}

/** Escape sequences have no place in a message: it may be logged, or be JSON. */
function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
}

function withCauses(error: Error): string {
  const own = error.stack ?? error.message
  return error.cause instanceof Error ? `${own}\ncaused by: ${withCauses(error.cause)}` : own
}
