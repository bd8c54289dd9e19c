import {fileTooLarge, inputUnreadable, notAFile} from '../../model/errors/files/source.js'
import {closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync} from 'node:fs'
import {isInside} from './inside.js'
import {inputError} from './system-errors.js'

const MIN_BUFFER_BYTES = 4096
// A pipe put in a file's place must not make opening it wait for ever.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK

/**
 * The bytes of a regular file, at most `maxBytes`, checked while reading (it may grow meanwhile). With `realRoot`, the file is opened by
 * its real path, which must lie inside; a link put in its place since is not followed. Synchronous: a small file is read in a
 * fraction of the time that asynchronous calls take.
 * @throws RagError INPUT_MISSING | INPUT_UNREADABLE | BAD_INPUT (a folder, a device) | TOO_LARGE
 */
export function readBounded(path: string, maxBytes: number, realRoot?: string): Uint8Array {
  let handle: number | undefined
  try {
    handle = realRoot === undefined ? openSync(path, FLAGS) : openInside(path, realRoot)
    const stats = fstatSync(handle)
    if (!stats.isFile()) throw notAFile(path, stats.isDirectory() ? 'a folder' : 'a device or pipe')
    if (stats.size > maxBytes) throw fileTooLarge(path, maxBytes)
    return readAll(handle, stats.size, (total) => {
      if (total > maxBytes) throw fileTooLarge(path, maxBytes)
    })
  } catch (error) {
    throw inputError(path, error)
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

function openInside(path: string, realRoot: string): number {
  const real = realpathSync.native(path)
  if (!isInside(realRoot, real)) throw inputUnreadable(path, `it leads out of ${realRoot}, to ${real}`)
  const handle = openSync(real, FLAGS | constants.O_NOFOLLOW)
  const opened = fstatSync(handle)
  // A folder on the way may have been exchanged for a link between the two calls: then the path is another file by now.
  const now = realpathSync.native(real) === real ? statSync(real) : undefined
  if (now?.ino === opened.ino && now.dev === opened.dev) return handle
  closeSync(handle)
  throw inputUnreadable(path, 'it was exchanged while it was opened')
}

function readAll(handle: number, sizeBytes: number, check: (total: number) => void): Uint8Array {
  // One byte more than the size, so that a file that did not grow ends without another buffer.
  let buffer = Buffer.allocUnsafeSlow(Math.max(sizeBytes + 1, MIN_BUFFER_BYTES))
  let total = 0
  for (;;) {
    const read = readSync(handle, buffer, total, buffer.length - total, null)
    if (read === 0) return buffer.subarray(0, total)
    total += read
    check(total)
    if (total === buffer.length) {
      const larger = Buffer.allocUnsafeSlow(buffer.length * 2)
      buffer.copy(larger)
      buffer = larger
    }
  }
}
