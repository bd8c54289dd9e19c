import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {join} from 'node:path'

/** Lower-case hex SHA-256 of a file's bytes. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path, {highWaterMark: 1024 ** 2})) hash.update(part as Buffer)
  return hash.digest('hex')
}

/** One hash over the bytes of several files and their names, in the order given. */
export async function digestOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file} ${await sha256Of(join(folder, file))}\n`)
  return hash.digest('hex')
}
