import {expect} from 'chai'
import fs from 'node:fs'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {FileHandle} from 'node:fs/promises'
import {open} from 'node:fs/promises'
import {seededNormal} from '../../../src/lib/lsa/seeded-random.js'
import type {RagError} from '../../../src/lib/model/errors.js'
import {failureOf} from '../../contract/embedder.contract.js'
import {fakeLsa, identityOf, inBatches, syntheticInputs, withFolder} from './lsa-fixture.js'

const inputs = syntheticInputs(60)
/** A quarter of the inputs, which is the most that so few of them get. */
const DIMENSION = 15

async function withModel(use: (file: string, bytes: Buffer) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const file = path.join(folder, 'model')
    const {dimension} = await fakeLsa().fit(inBatches(inputs), {dimension: DIMENSION, path: file})
    expect(dimension).to.equal(DIMENSION)
    await use(file, await readFile(file))
  })
}

async function codeOf(attempt: () => Promise<unknown>): Promise<string> {
  const error = (await failureOf(attempt())) as RagError
  return error.code
}

const identity = identityOf(DIMENSION)

async function openAndClose(file: string, as = fakeLsa(), who = identity): Promise<void> {
  await (await as.openForPassages(file, who)).close()
}

describe('the LSA model file', () => {
  it('is refused as a whole when any one bit of it is flipped', async () => {
    await withModel(async (file, bytes) => {
      const normal = seededNormal(5)
      const anywhere = Array.from({length: 200}, () => Math.floor(Math.abs(normal() * 1e6)) % bytes.length)
      const head = Array.from({length: 80}, (_, i) => i)
      for (const at of [...head, ...anywhere, bytes.length - 1]) {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= 1 << (at % 8)
        await writeFile(file, damaged)
        expect(await codeOf(() => openAndClose(file)), `byte ${at}`).to.equal('MODEL_DAMAGED')
      }
      await writeFile(file, bytes)
      await openAndClose(file)
    })
  })

  it('is refused when it is cut off, longer, empty, missing, or another file', async () => {
    await withModel(async (file, bytes) => {
      for (const other of [
        Buffer.alloc(0),
        bytes.subarray(0, 63),
        bytes.subarray(0, -1),
        Buffer.concat([bytes, Buffer.alloc(1)]),
        Buffer.from('not a model at all'.repeat(20)),
      ]) {
        await writeFile(file, other)
        expect(await codeOf(() => openAndClose(file))).to.equal('MODEL_DAMAGED')
        expect(await codeOf(() => fakeLsa().openForQueries(file, identity))).to.equal('MODEL_DAMAGED')
      }
      const error = (await failureOf(fakeLsa().openForQueries(`${file}.gone`, identity))) as RagError
      expect(error.code).to.equal('MODEL_DAMAGED')
      expect(error.message).to.contain(`${file}.gone`)
      expect(error.hint).to.contain('rag verify --repair')
    })
  })

  it('is never read wrongly by a query: damage in what it reads is noticed, other damage changes nothing', async () => {
    await withModel(async (file, bytes) => {
      const ask = async (): Promise<readonly (Float32Array | undefined)[]> => {
        const embedder = await fakeLsa().openForQueries(file, identity)
        try {
          return await embedder.embed([{text: 'm3x4 c7 unheard', language: 'en'}], {kind: 'query'})
        } finally {
          await embedder.close()
        }
      }
      const right = await ask()
      let noticed = 0
      for (let at = 0; at < bytes.length; at += 31) {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= 0x10
        await writeFile(file, damaged)
        const answer = await ask().catch((error: unknown) => (error as RagError).code)
        if (answer === 'MODEL_DAMAGED') noticed++
        else expect(answer, `byte ${at}`).to.deep.equal(right)
      }
      expect(noticed).to.be.within(3, bytes.length / 31 / 2)
    })
  })

  it('is not used for terms of another analyser, nor under another dimension', async () => {
    await withModel(async (file) => {
      expect(await codeOf(() => openAndClose(file, fakeLsa(1, 'fake-2')))).to.equal('MODEL_MISMATCH')
      expect(await codeOf(() => fakeLsa(1, 'fake-2').openForQueries(file, identity))).to.equal(
        'MODEL_MISMATCH',
      )
      expect(await codeOf(() => openAndClose(file, fakeLsa(), identityOf(21)))).to.equal('MODEL_DAMAGED')
    })
  })

  it('is read in small part for a query', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'model')
      const many = Array.from({length: 400}, (_, i) => ({
        text: Array.from({length: 30}, (_, w) => `t${(i * 17 + w * w) % 3000}`).join(' '),
        language: 'en',
      }))
      const {dimension} = await fakeLsa(1).fit(inBatches(many), {dimension: 128, path: file})
      const {sizeBytes, read} = await countingReads(file, async () => {
        const embedder = await fakeLsa().openForQueries(file, identityOf(dimension))
        const [vector] = await embedder.embed([{text: 't5 t17 unheard', language: 'en'}], {kind: 'query'})
        expect(vector).to.have.length(dimension)
        await embedder.close()
      })
      expect(sizeBytes).to.be.above(500_000)
      expect(read.bytes).to.be.within(1, 10_000)
      expect(read.calls).to.be.below(12)
    })
  })

  it('keeps the vectors of queries and passages the same, from file and from memory', async () => {
    await withModel(async (file) => {
      const queries = await fakeLsa().openForQueries(file, identity)
      const passages = await fakeLsa().openForPassages(file, identity)
      for (const kind of ['query', 'passage'] as const)
        expect(await queries.embed(inputs, {kind})).to.deep.equal(await passages.embed(inputs, {kind}))
      await queries.close()
      await passages.close()
    })
  })
})

/** What is read through file handles while `act` runs. */
async function countingReads(
  file: string,
  act: () => Promise<void>,
): Promise<{sizeBytes: number; read: {calls: number; bytes: number}}> {
  const handle = await open(file, 'r')
  const prototype = Object.getPrototypeOf(handle) as {read: FileHandle['read']}
  await handle.close()
  const original = prototype.read
  const read = {calls: 0, bytes: 0}
  prototype.read = async function (this: FileHandle, ...args: unknown[]) {
    const result = (await Reflect.apply(original, this, args)) as {bytesRead: number}
    read.calls++
    read.bytes += result.bytesRead
    return result
  } as FileHandle['read']
  try {
    await act()
  } finally {
    prototype.read = original
  }
  return {sizeBytes: fs.statSync(file).size, read}
}
