import {parseJson} from '../../model/input/parse-json.js'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {PulledFile, PulledFrom} from '../../model/model-folder.js'

/** Written beside the files of a pulled model. */
export const PULL_RECORD = 'rag-model.json'

export interface PullRecord extends PulledFrom {
  readonly files: readonly PulledFile[]
}

/** Undefined when the model was not pulled, or nothing can be said of that. */
export async function readPullRecord(path: string): Promise<PullRecord | undefined> {
  try {
    const record = parseJson(await readFile(join(path, PULL_RECORD), 'utf8')) as PullRecord
    const isRecord =
      [record.repository, record.revision, record.at].every((value) => typeof value === 'string') &&
      Array.isArray(record.files) &&
      record.files.every(
        ({file, bytes, sha256}) =>
          typeof file === 'string' && Number.isInteger(bytes) && /^[0-9a-f]{64}$/.test(sha256),
      )
    return isRecord ? record : undefined
  } catch {
    return undefined
  }
}
