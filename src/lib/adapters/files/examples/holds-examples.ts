import {parseJson} from '../../../model/input/parse-json.js'
import {open} from 'node:fs/promises'
import {notWritten} from './example-errors.js'

/** The first example must end within so many bytes. */
const HEAD_BYTES = 1024 ** 2
const MEMBERS = 'answer,context,created_at,id,question,source'
/** `batch_tag` with the value `examples`, as MessagePack. */
const TAGGED = Buffer.from('\xa9batch_tag\xa8examples', 'latin1')

/** Whether a file holds what `rag examples build` writes: told by its first line, or the head of its batch. */
export async function holdsExamples(path: string, format: 'jsonl' | 'msgpack'): Promise<boolean> {
  const head = await headOf(path)
  if (format === 'msgpack') return head.subarray(0, 4096).includes(TAGGED)
  const end = head.indexOf(0x0a)
  if (end < 0) return false
  try {
    const first = parseJson(head.subarray(0, end).toString('utf8')) as unknown
    return typeof first === 'object' && first !== null && Object.keys(first).sort().join() === MEMBERS
  } catch {
    return false
  }
}

async function headOf(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r')
    try {
      const buffer = Buffer.alloc(HEAD_BYTES)
      const {bytesRead} = await handle.read(buffer, 0, HEAD_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw notWritten(path, error)
  }
}
