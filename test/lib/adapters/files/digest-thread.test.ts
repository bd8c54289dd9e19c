import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {digestFile} from '../../../../src/lib/adapters/files/artifacts/artifact-digest.js'
import {createArtifactFiles} from '../../../../src/lib/adapters/files/artifacts/artifact-files.js'
import {DigestThread} from '../../../../src/lib/adapters/files/artifacts/digest-thread.js'
import {nodeFileOperations} from '../../../../src/lib/adapters/files/file-operations.js'
import {sourceWorkerUrl} from '../../../support/worker-url.js'

const LARGE = 9 * 1024 * 1024 + 17

describe('a thread that hashes files', function () {
  this.timeout(30_000)
  let folder: string
  let thread: DigestThread
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-digest-'))
  })
  after(() => rmSync(folder, {recursive: true, force: true}))
  beforeEach(() => {
    thread = new DigestThread(sourceWorkerUrl('../engine/workers/digest-worker.ts'))
  })
  afterEach(() => thread.close())

  const file = (name: string, bytes: number): string => {
    const at = path.join(folder, name)
    writeFileSync(
      at,
      Uint8Array.from({length: bytes}, (_, i) => (i * 31 + (i >> 9)) & 255),
    )
    return at
  }
  const here = (at: string, bytes: number): ReturnType<typeof digestFile> =>
    digestFile(nodeFileOperations, at, bytes)
  const there = (at: string, bytes: number): ReturnType<typeof digestFile> =>
    thread.digest(nodeFileOperations, at, bytes)

  it('says what this thread would say, of many files at once', async () => {
    const sizes = [LARGE, 1000, LARGE + 1, 4 << 20, (4 << 20) - 1]
    const files = sizes.map((bytes, i) => file(`f${i}`, bytes))
    expect(await Promise.all(files.map((at, i) => there(at, sizes[i]!)))).to.deep.equal(
      await Promise.all(files.map((at, i) => here(at, sizes[i]!))),
    )
  })

  it('does the work elsewhere: this thread goes on meanwhile', async () => {
    const at = file('busy', 64 << 20)
    await there(at, 64 << 20)
    const before = performance.eventLoopUtilization()
    const startedAt = process.cpuUsage()
    await there(at, 64 << 20)
    const {active} = performance.eventLoopUtilization(before)
    const {user, system} = process.cpuUsage(startedAt)
    expect((user + system) / 1000).to.be.greaterThan(2 * active)
  })

  it('does not read a file of another size, and says when there is none', async () => {
    const at = file('short', LARGE)
    expect(await there(at, LARGE + 5)).to.deep.equal({sizeBytes: LARGE, sha256: ''})
    const error = await there(path.join(folder, 'missing'), LARGE).then(
      () => undefined,
      (reason: unknown) => reason as NodeJS.ErrnoException,
    )
    expect(error?.code).to.equal('ENOENT')
  })

  it('is not needed: without it, or when it ends, this thread does the work', async () => {
    const at = file('alone', LARGE)
    const expected = await here(at, LARGE)
    const broken = new DigestThread(new URL('data:text/javascript,throw new Error("no")'))
    expect(await broken.digest(nodeFileOperations, at, LARGE)).to.deep.equal(expected)
    expect(await broken.digest(nodeFileOperations, at, LARGE)).to.deep.equal(expected)
    const asked = there(at, LARGE)
    await thread.close()
    expect(await asked).to.deep.equal(expected)
    expect(await there(at, LARGE)).to.deep.equal(expected)
  })

  it('is what files are checked with when it is handed to them', async () => {
    const self = {pid: 1, host: 'here', isAlive: () => false}
    const plain = createArtifactFiles({root: folder, self})
    const staged = await plain.stage('seg.hnsw')
    writeFileSync(staged, Buffer.alloc(LARGE, 7))
    const sealed = await plain.seal(staged, 'seg.hnsw')
    const files = createArtifactFiles({root: folder, self, digest: thread.digest})
    expect(await files.check(sealed)).to.deep.equal({ok: true})
    const bytes = Buffer.alloc(LARGE, 7)
    bytes[LARGE - 1] = 8
    writeFileSync(files.path(sealed.file), bytes)
    expect(await files.check(sealed)).to.deep.equal({
      ok: false,
      reason: 'its SHA-256 is not the recorded one',
    })
    rmSync(files.path(sealed.file))
    expect(await files.check(sealed)).to.deep.equal({ok: false, reason: 'it is missing'})
  })
})
