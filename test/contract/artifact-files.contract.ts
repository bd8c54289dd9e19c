import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {RagError} from '../../src/lib/model/errors.js'
import type {ArtifactFiles} from '../../src/lib/ports/files/artifact-files.js'

export interface ArtifactFilesUnderTest {
  readonly files: ArtifactFiles
  /** Writes bytes to a path that `stage` gave. */
  write(stagedPath: string, bytes: Uint8Array): Promise<void>
  /** Bytes at a path; undefined when there are none. */
  read(path: string): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

const HELLO = new TextEncoder().encode('hello, segment')
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What every implementation of `ArtifactFiles` keeps. */
export function artifactFilesContract(name: string, openFiles: () => Promise<ArtifactFilesUnderTest>): void {
  describe(`ArtifactFiles contract: ${name}`, () => {
    let under: ArtifactFilesUnderTest
    beforeEach(async () => {
      under = await openFiles()
    })
    afterEach(() => under.close())

    const sealBytes = async (file: string, bytes = HELLO) => {
      const staged = await under.files.stage(file)
      await under.write(staged, bytes)
      return under.files.seal(staged, file)
    }

    it('seals what was written and says what it is', async () => {
      const sealed = await sealBytes('acme/1/seg-1-9.hnsw')
      expect(sealed).to.deep.equal({
        file: 'acme/1/seg-1-9.hnsw',
        sizeBytes: HELLO.length,
        sha256: sha256(HELLO),
      })
      expect(await under.read(under.files.path(sealed.file))).to.deep.equal(HELLO)
      expect(await under.files.check(sealed)).to.deep.equal({ok: true})
    })

    it('refuses to seal a file that nobody wrote, or an empty one', async () => {
      for (const bytes of [undefined, new Uint8Array()]) {
        const staged = await under.files.stage('a/x.hnsw')
        if (bytes) await under.write(staged, bytes)
        const error = await under.files.seal(staged, 'a/x.hnsw').catch((reason: unknown) => reason)
        expect(error).to.be.instanceOf(RagError).with.property('code', 'STORE_UNUSABLE')
        expect(await under.read(staged)).to.equal(undefined)
        expect(await under.read(under.files.path('a/x.hnsw'))).to.equal(undefined)
      }
    })

    it('never overwrites a sealed file', async () => {
      const first = await sealBytes('a/x.hnsw')
      const second = await sealBytes('a/x.hnsw', new Uint8Array([1, 2, 3]))
      expect(second.file).not.to.equal(first.file)
      expect(await under.files.check(first)).to.deep.equal({ok: true})
      expect(await under.files.check(second)).to.deep.equal({ok: true})
    })

    it('discards a staged file, and does not mind one that is not there', async () => {
      const staged = await under.files.stage('a/x.hnsw')
      await under.write(staged, HELLO)
      await under.files.discard(staged)
      await under.files.discard(staged)
      expect(await under.read(staged)).to.equal(undefined)
    })

    it('finds a missing file, another size, another content', async () => {
      const sealed = await sealBytes('a/x.hnsw')
      const outcomes = await Promise.all([
        under.files.check({...sealed, file: 'a/y.hnsw'}),
        under.files.check({...sealed, sizeBytes: sealed.sizeBytes + 1}),
        under.files.check({...sealed, sha256: sha256(new Uint8Array(3))}),
      ])
      const reasons = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.reason))
      expect(reasons).to.deep.equal([
        'it is missing',
        `it has ${sealed.sizeBytes} bytes instead of ${sealed.sizeBytes + 1}`,
        'its SHA-256 is not the recorded one',
      ])
    })

    it('knows whether a file is present with its size, without reading it', async () => {
      const sealed = await sealBytes('a/x.hnsw')
      expect(await under.files.present({...sealed, sha256: ''})).to.equal(true)
      expect(await under.files.present({...sealed, sizeBytes: 3})).to.equal(false)
      expect(await under.files.present({...sealed, file: 'a/y.hnsw'})).to.equal(false)
    })

    it('vacuums what is not kept, below the folder only', async () => {
      const keep = await sealBytes('a/1/keep.hnsw')
      const old = await sealBytes('a/1/old.hnsw')
      const older = await sealBytes('a/0/older.hnsw')
      const other = await sealBytes('ab/1/other.hnsw')
      const vacuumed = await under.files.vacuum('a', new Set([keep.file]))
      expect([...vacuumed.removed].sort()).to.deep.equal([older.file, old.file])
      expect(vacuumed.bytes).to.equal(2 * HELLO.length)
      expect(await under.files.check(keep)).to.deep.equal({ok: true})
      expect(await under.files.check(other)).to.deep.equal({ok: true})
      expect(await under.files.check(old)).to.have.property('ok', false)
    })

    it('spares what this process is writing', async () => {
      const staged = await under.files.stage('a/1/new.hnsw')
      await under.write(staged, HELLO)
      await under.files.vacuum('a', new Set())
      expect(await under.files.seal(staged, 'a/1/new.hnsw')).to.have.property('sizeBytes', HELLO.length)
    })

    it('passes over folders that it is told to', async () => {
      const spared = await sealBytes('a/1/spared.hnsw')
      const old = await sealBytes('a/2/old.hnsw')
      const like = await sealBytes('a/10/like.hnsw')
      const {removed} = await under.files.vacuum('a', new Set(), {except: new Set(['a/1'])})
      expect([...removed].sort()).to.deep.equal([like.file, old.file])
      expect(await under.files.check(spared)).to.deep.equal({ok: true})
    })

    it('vacuums a folder that is not there', async () => {
      expect(await under.files.vacuum('nowhere', new Set())).to.deep.equal({removed: [], bytes: 0})
    })

    it('sets a bad file aside while it is missed: until its name is in use again, or nobody asks for it', async () => {
      const bad = await sealBytes('a/x.hnsw')
      const good = await sealBytes('a/y.hnsw')
      const named = new Set([bad.file, good.file])
      await under.files.setAside(bad.file)
      await under.files.setAside(bad.file)
      expect(await under.files.check(bad)).to.have.property('ok', false)
      expect((await under.files.vacuum('a', named)).removed).to.deep.equal([])
      await sealBytes('a/x.hnsw')
      expect((await under.files.vacuum('a', named)).removed).to.deep.equal(['a/x.hnsw.corrupt'])
      await under.files.setAside(bad.file)
      await sealBytes('a/z.hnsw')
      expect((await under.files.vacuum('a', new Set([good.file, 'a/z.hnsw']))).removed).to.deep.equal([
        'a/x.hnsw.corrupt',
      ])
    })

    it('leaves nothing of a folder of which nothing is kept', async () => {
      const bad = await sealBytes('a/x.hnsw')
      await under.files.setAside(bad.file)
      expect((await under.files.vacuum('a', new Set())).removed).to.deep.equal(['a/x.hnsw.corrupt'])
    })

    for (const stray of ['../x.hnsw', '/etc/passwd', 'a/../../x', '', 'a//x', '.hidden', 'a\\..\\x', 'a/./x'])
      it(`takes no name that leads out: ${JSON.stringify(stray)}`, async () => {
        expect(await under.files.stage(stray).catch((error: unknown) => error)).to.be.instanceOf(RagError)
        expect(() => under.files.path(stray)).to.throw(RagError)
        const staged = await under.files.stage('a/x')
        await under.write(staged, HELLO)
        expect(await under.files.seal(staged, stray).catch((error: unknown) => error)).to.be.instanceOf(
          RagError,
        )
        await under.files.setAside(stray)
      })
  })
}
