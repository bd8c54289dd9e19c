import * as z from 'zod'
import {errorCode} from './enumerations.js'
import {text, type Data} from './values.js'

/** Why something failed. */
export const failure = z
  .strictObject({
    code: errorCode.describe('one of a closed set; `docs/errors.md` has them with their exit codes'),
    message: text('what failed, on which input and why'),
    hint: z.string().nullable().describe('what to type next, or null'),
  })
  .meta({id: 'Failure', description: 'why not all could be done'})

/** What a command that failed prints in place of its result. */
export const errorResult = z.strictObject({error: failure.describe('why it failed')})

/** One input that was not taken, while the others were. */
export const inputFailure = z
  .strictObject({
    source: text('the file, record or document'),
    code: errorCode.describe('why, as a code'),
    message: text('why, in words'),
  })
  .meta({id: 'InputFailure'})

/** Something of an input that was read as far as it goes, or left out; the input itself was taken. */
export const inputFault = z
  .strictObject({
    source: text('the file or document'),
    line: z.int().min(1).nullable().describe('line of the file, from 1; null when it is of no one line'),
    message: text('what could not be read as it stands'),
  })
  .meta({id: 'InputFault'})

export type ErrorResult = Data<typeof errorResult>
