import {readFileSync} from 'node:fs'
import path from 'node:path'

/** What a process did to the files below a folder; paths are relative to it, the folder itself is the empty path. */
export type DiskEvent =
  | {readonly kind: 'create' | 'sync' | 'remove' | 'make'; readonly path: string}
  | {readonly kind: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer}
  | {readonly kind: 'cut'; readonly path: string; readonly size: number}
  | {readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string}

const HEADER = 22

/** Reads what `record.c` wrote. */
export function readLog(file: string, root: string): readonly DiskEvent[] {
  const bytes = readFileSync(file)
  const events: DiskEvent[] = []
  for (let at = 0; at < bytes.length;) {
    const [first, second] = [bytes.readUInt16LE(at + 2), bytes.readUInt16LE(at + 4)]
    const [offset, length] = [Number(bytes.readBigUInt64LE(at + 6)), Number(bytes.readBigUInt64LE(at + 14))]
    const kind = String.fromCharCode(bytes[at]!)
    const names = at + HEADER
    const name = path.relative(root, bytes.toString('utf8', names, names + first))
    const to = path.relative(root, bytes.toString('utf8', names + first, names + first + second))
    const data = bytes.subarray(names + first + second, names + first + second + length)
    events.push(eventOf(kind, {path: name, to, offset, data}))
    at = names + first + second + length
  }
  return events
}

function eventOf(
  kind: string,
  {path: name, to, offset, data}: {path: string; to: string; offset: number; data: Buffer},
): DiskEvent {
  switch (kind) {
    case 'C':
      return {kind: 'create', path: name}
    case 'S':
      return {kind: 'sync', path: name}
    case 'U':
      return {kind: 'remove', path: name}
    case 'D':
      return {kind: 'make', path: name}
    case 'W':
      return {kind: 'write', path: name, offset, data}
    case 'T':
      return {kind: 'cut', path: name, size: offset}
    case 'R':
      return {kind: 'rename', path: name, to}
    case 'L':
      return {kind: 'link', path: name, to}
    default:
      throw new Error(`The log has a record of an unknown kind: ${kind}`)
  }
}
