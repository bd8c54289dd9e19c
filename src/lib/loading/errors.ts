import {RagError, shorten} from '../model/errors.js'

/** The file holds no text that can be decoded: `why` says what was found. */
export const notText = (name: string, why: string): RagError =>
  new RagError('NOT_TEXT', `${shorten(name)} is not text: ${why}.`)

/** The file is text, but breaks the rules of its format: `why` names the line. */
export const badInput = (name: string, what: string, why: string, cause?: unknown): RagError =>
  new RagError('BAD_INPUT', `${shorten(name)} is not valid ${what}: ${shorten(why, 300)}.`, {cause})
