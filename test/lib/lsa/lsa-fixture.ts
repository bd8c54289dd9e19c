import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {nodeFileOperations} from '../../../src/lib/adapters/files/file-operations.js'
import {createLsa} from '../../../src/lib/lsa/create-lsa.js'
import {seededNormal} from '../../../src/lib/lsa/seeded-random.js'
import type {EmbedderIdentity, EmbedInput} from '../../../src/lib/model/embedding.js'
import type {RandomAccessFiles} from '../../../src/lib/ports/files/random-access-files.js'
import type {FittedModel} from '../../../src/lib/ports/embedder.js'
import {sourceWorkerUrl} from '../../support/worker-url.js'
import {fakeAnalyser} from './fake-analyser.js'

export const fakeWorkerUrl = (): URL => sourceWorkerUrl('../../../test/lib/lsa/fake-worker.ts')

export const fakeLsa = (
  threads = 2,
  fingerprint?: string,
  files: RandomAccessFiles = nodeFileOperations,
): FittedModel => createLsa({analyser: fakeAnalyser(fingerprint), files, threads, workerUrl: fakeWorkerUrl})

export const identityOf = (dimension: number): EmbedderIdentity => ({
  provider: 'lsa',
  model: 'lsa',
  dimension,
  fingerprint: 'of-the-test',
})

/** `count` texts on ten matters, each of which has its own fifty words, with some of a common stock. Equal in every run. */
export function syntheticInputs(count: number, seed = 1): EmbedInput[] {
  const normal = seededNormal(seed)
  const below = (limit: number): number => Math.floor(Math.abs(normal()) * 0.3 * limit) % limit
  return Array.from({length: count}, (_, i) => {
    const matter = i % 10
    const words = Array.from({length: 30}, (_, w) =>
      w % 3 === 0 ? `c${below(200)}` : `m${matter}x${below(50)}`,
    )
    return {title: `n${i % 7} m${matter}x1`, heading: [`h${matter}`], text: words.join(' '), language: 'en'}
  })
}

export async function* inBatches(
  inputs: readonly EmbedInput[],
  size = 100,
): AsyncGenerator<readonly EmbedInput[]> {
  for (let i = 0; i < inputs.length; i += size) yield inputs.slice(i, i + size)
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lsa-test-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
