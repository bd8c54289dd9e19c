import {createReadStream} from 'node:fs'
import type {Readable} from 'node:stream'
import {reasonOf} from '../../lib/index.js'
import {
  fileMissing,
  fileUnreadable,
  inputTooLarge,
  notUtf8,
} from '../../lib/model/errors/request/input-file.js'

/** The most that is read into memory at once. */
export const MAX_INPUT_BYTES = 256 * 1024 ** 2

/**
 * All of a file, or of standard input for `-`, as text without its byte order mark.
 * @throws RagError INPUT_MISSING | INPUT_UNREADABLE | NOT_TEXT | TOO_LARGE
 */
export async function readInput(
  path: string,
  stdin: Readable,
  limitBytes = MAX_INPUT_BYTES,
): Promise<string> {
  const label = path === '-' ? 'standard input' : path
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of path === '-' ? stdin : createReadStream(path)) {
      const bytes = Buffer.from(part as Uint8Array)
      size += bytes.length
      if (size > limitBytes) break
      parts.push(bytes)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fileMissing(path)
    throw fileUnreadable(label, reasonOf(error))
  }
  if (size > limitBytes) throw inputTooLarge(label, limitBytes)
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.concat(parts))
  } catch {
    throw notUtf8(label)
  }
}
