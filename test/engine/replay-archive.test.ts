import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import type {Rag, ReplayReport, ReplayRequest} from '../../src/lib/index.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {STORE_KINDS} from '../support/rag-stores.js'

for (const {name, createStores} of STORE_KINDS)
  describe(`Rag.replay with an archive (${name})`, function () {
    this.timeout(30_000)
    let home: string
    let rag: Rag
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-replay-archive-'))
      rag = await createStores().open({dataDir: path.join(home, 'data'), maxWorkers: 1})
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const at = (file: string): string => path.join(home, 'in', file)
    const replay = (more: Partial<ReplayRequest>): Promise<ReplayReport> =>
      rag.replay({corpus: 'c', globs: [path.join(home, 'in', '*.msgpack')], ...more})

    it('moves what was loaded whole, and only that, without replacing what is there', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 2))
      writeBatchFile(at('b.msgpack'), [{nothing: 1}])
      const dir = path.join(home, 'done')
      writeBatchFile(path.join(dir, 'a.msgpack'), [])
      const report = await replay({archive: {dir}})
      expect(report.files.map((file) => file.archivedAs)).to.deep.equal([
        path.join(dir, 'a~2.msgpack'),
        undefined,
      ])
      expect([existsSync(at('a.msgpack')), existsSync(at('b.msgpack'))]).to.deep.equal([false, true])
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 2))
      const packed = await replay({archive: {dir, compress: true}})
      expect(packed.files[0]!.archivedAs).to.equal(path.join(dir, 'a.msgpack.gz'))
      const {inserted, failed} = await rag.replay({corpus: 'd', files: [path.join(dir, 'a.msgpack.gz')]})
      expect([inserted, failed]).to.deep.equal([2, 0])
    })

    it('that is the folder of the batches leaves them where they are', async () => {
      const kept = path.join(home, 'kept')
      const batch = writeBatchFile(path.join(kept, 'a.msgpack'), sketchRecords(0, 3, 4), {model: 'm'})
      const request = {globs: [`${kept}/**/*.msgpack`], archive: {dir: kept}}
      for (let run = 0; run < 2; run++) {
        const report = await replay(request)
        expect(report.files.map(({archivedAs}) => archivedAs)).to.deep.equal([batch])
        expect(existsSync(batch)).to.equal(true)
      }
    })

    it('also moves what an earlier call had done and could not move', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 2))
      const stateFile = path.join(home, 'state.json')
      await replay({stateFile})
      const dir = path.join(home, 'done')
      expect((await replay({stateFile, archive: {dir}})).files).to.deep.equal([])
      expect([existsSync(at('a.msgpack')), existsSync(path.join(dir, 'a.msgpack'))]).to.deep.equal([
        false,
        true,
      ])
    })
  })
