import {mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {createArtifactFiles} from '../../../../src/lib/adapters/files/artifacts/artifact-files.js'
import {createMemoryArtifactFiles} from '../../../support/memory/memory-artifact-files.js'
import {artifactFilesContract} from '../../../contract/artifact-files.contract.js'
import {FaultyFiles, type Fault} from '../../../support/faulty-files.js'

const ALIVE_PID = 4242
const SELF = {pid: 100, host: 'my-host.example', isAlive: (pid: number) => pid === ALIVE_PID}
const newRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'rag-artifacts-'))

artifactFilesContract('folder', async () => {
  const root = await newRoot()
  return {
    files: createArtifactFiles({root: join(root, 'data', 'indexes'), self: SELF}),
    write: (path, bytes) => writeFile(path, bytes),
    read: async (path) => {
      const bytes = await readFile(path).catch(() => undefined)
      return bytes && new Uint8Array(bytes)
    },
    close: () => rm(root, {recursive: true, force: true}),
  }
})

artifactFilesContract('memory', async () => {
  const files = createMemoryArtifactFiles()
  return {
    files,
    write: async (path, bytes) => files.write(path, bytes),
    read: async (path) => files.read(path),
    close: async () => undefined,
  }
})

describe('createArtifactFiles', () => {
  let root: string
  beforeEach(async () => {
    root = await newRoot()
  })
  afterEach(() => rm(root, {recursive: true, force: true}))

  const sealOne = async (files: ReturnType<typeof createArtifactFiles>, name: string) => {
    const staged = await files.stage(name)
    await writeFile(staged, 'content')
    return files.seal(staged, name)
  }

  it('stages beside the final place under a hidden name that tells the process', async () => {
    const files = createArtifactFiles({root, self: SELF})
    expect(await files.stage('a/b/seg.hnsw')).to.equal(
      join(root, 'a', 'b', '.seg.hnsw.my_host_example-100-1.tmp'),
    )
    expect((await stat(join(root, 'a', 'b'))).isDirectory()).to.equal(true)
  })

  it('makes the names of new folders durable before it stages in them', async () => {
    const faulty = new FaultyFiles()
    await createArtifactFiles({root: join(root, 'x'), operations: faulty.operations, self: SELF}).stage(
      'a/b/seg.hnsw',
    )
    expect(faulty.calls).to.deep.equal(['makeFolder', 'sync', 'makeFolder', 'sync', 'makeFolder', 'sync'])
  })

  it('syncs the file before it is hashed and renamed, and the folder after', async () => {
    const faulty = new FaultyFiles()
    const files = createArtifactFiles({root, operations: faulty.operations, self: SELF})
    const staged = await files.stage('seg.hnsw')
    await writeFile(staged, 'content')
    const before = faulty.calls.length
    await files.seal(staged, 'seg.hnsw')
    const order = faulty.calls
      .slice(before)
      .filter((call) => ['sync', 'read', 'rename', 'stat'].includes(call))
    expect(order).to.deep.equal(['stat', 'sync', 'read', 'read', 'stat', 'rename', 'sync', 'stat'])
  })

  it('leaves the staged files of living processes and clears those of dead ones', async () => {
    const files = createArtifactFiles({root, self: SELF})
    const kept = await sealOne(files, 'a/keep.hnsw')
    const names = {
      living: `.x.hnsw.my_host_example-${ALIVE_PID}-1.tmp`,
      dead: '.x.hnsw.my_host_example-77-1.tmp',
      ownFromEarlier: '.x.hnsw.my_host_example-100-9.tmp',
      elsewhere: '.x.hnsw.other-77-1.tmp',
      elsewhereOld: '.x.hnsw.other-78-1.tmp',
    }
    for (const name of Object.values(names)) await writeFile(join(root, 'a', name), 'x')
    await utimes(join(root, 'a', names.elsewhereOld), 1000, 1000)
    const {removed} = await files.vacuum('a', new Set([kept.file]))
    expect([...removed].sort()).to.deep.equal(
      [names.ownFromEarlier, names.dead, names.elsewhereOld].map((n) => `a/${n}`).sort(),
    )
  })

  it('removes folders that have become empty, but not one that is staged in', async () => {
    const files = createArtifactFiles({root, self: SELF})
    await mkdir(join(root, 'a', 'old', 'older'), {recursive: true})
    await files.stage('a/new/seg.hnsw')
    await files.vacuum('a', new Set())
    expect(await readdir(join(root, 'a'))).to.deep.equal(['new'])
  })

  const codes: readonly [Fault, string][] = [
    ['ENOSPC', 'DISK_FULL'],
    ['EACCES', 'STORE_READ_ONLY'],
    ['EIO', 'STORE_UNUSABLE'],
  ]
  for (const [fault, code] of codes)
    it(`reports ${fault} as ${code}, with the file and the cause`, async () => {
      const faulty = new FaultyFiles({step: 1, fault, once: true})
      const files = createArtifactFiles({root, operations: faulty.operations, self: SELF})
      const error = await files.stage('a/seg.hnsw').catch((reason: unknown) => reason)
      expect(error).to.include({code})
      expect(error)
        .to.have.property('message')
        .that.contains(root)
        .and.contains('What was stored before is safe.')
      expect(error).to.have.nested.property('cause.code', fault)
    })

  it('tells how much room is left when the disk is full', async () => {
    const faulty = new FaultyFiles({step: 1, fault: 'ENOSPC', once: true})
    const files = createArtifactFiles({root, operations: faulty.operations, self: SELF})
    const error = await files.stage('a/seg.hnsw').catch((reason: unknown) => reason)
    expect(error)
      .to.have.property('message')
      .that.matches(/\([\d.]+ MB free\)/)
  })

  it('does not take a file that may not be read for a damaged one', async () => {
    const sealed = await sealOne(createArtifactFiles({root, self: SELF}), 'seg.hnsw')
    const faulty = new FaultyFiles({step: 1, fault: 'EACCES', once: true})
    const files = createArtifactFiles({root, operations: faulty.operations, self: SELF})
    expect(await files.check(sealed).catch((reason: unknown) => reason)).to.include({code: 'STORE_UNUSABLE'})
    expect(await files.check(sealed)).to.deep.equal({ok: true})
  })

  it('reads a file of many buffers to its end', async () => {
    const files = createArtifactFiles({root, self: SELF})
    const staged = await files.stage('big.hnsw')
    const bytes = new Uint8Array((5 << 20) + 3).map((_, i) => i % 251)
    await writeFile(staged, bytes)
    const sealed = await files.seal(staged, 'big.hnsw')
    expect(sealed.sizeBytes).to.equal(bytes.length)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(files.path('big.hnsw'), bytes)
    expect(await files.check(sealed)).to.have.property('ok', false)
  })
})
