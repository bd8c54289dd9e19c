import {knownSecrets} from '../secrets/known-secrets.js'
import type {ErrorCode} from './error-table.js'

/**
 * The one error class. `message` says what failed, on which input and why, and what is safe; `hint` what to type next.
 * It is made in this folder alone, by one maker a case, so that all wording stands here. Secrets are masked in it.
 */
export class RagError extends Error {
  override readonly name = 'RagError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  /** Also one made by another copy of this module: what is imported lazily can be loaded beside what was required. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'RagError' && 'code' in value
  }

  constructor(code: ErrorCode, message: string, more: {hint?: string | undefined; cause?: unknown} = {}) {
    super(knownSecrets.mask(message), more.cause === undefined ? undefined : {cause: more.cause})
    this.code = code
    this.hint = more.hint === undefined ? undefined : knownSecrets.mask(more.hint)
  }
}

/** The text of anything thrown, without a stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Keeps a hostile input from filling the screen when an error quotes it. */
export function shorten(raw: string, length = 120): string {
  const text = knownSecrets.mask(raw)
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`
}
