import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {encode} from '@msgpack/msgpack'
import {expect} from 'chai'
import type {Rag, ReplayReport, ReplayRequest} from '../../src/lib/index.js'
import {packed} from '../../src/lib/adapters/files/batches/packed.js'
import {pieces} from '../support/batch-bytes.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import {STORE_KINDS, type RagStores} from '../support/rag-stores.js'
import {ScriptedProvider} from '../support/scripted-provider.js'
import {rejects} from '../support/store-fixtures.js'

for (const {name: kind, createStores} of STORE_KINDS)
  describe(`Rag.replay (${kind})`, function () {
    this.timeout(30_000)
    let home: string
    let stores: RagStores
    let provider: ScriptedProvider
    let rag: Rag
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-replay-'))
      stores = createStores()
      provider = new ScriptedProvider()
      rag = await stores.open({dataDir: path.join(home, 'data'), maxWorkers: 1, providers: [provider]})
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const at = (name: string): string => path.join(home, 'in', name)
    const replay = (more: Partial<ReplayRequest> = {}): Promise<ReplayReport> =>
      rag.replay({corpus: 'c', globs: [path.join(home, 'in', '*.{msgpack,gz,zst}')], ...more})
    const counts = ({inserted, skipped, duplicates, failed}: ReplayReport): readonly number[] => [
      inserted,
      skipped,
      duplicates,
      failed,
    ]
    const named = {settings: {model: 'external:m'}}

    it('stores records with their vectors, finds them by keyword, and again stores nothing', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 10, 4))
      const first = await replay(named)
      expect([counts(first), first.dimension, first.chunks.pending]).to.deep.equal([[10, 0, 0, 0], 4, 0])
      expect(first.files[0]).to.include({records: 10, inserted: 10, whole: true})
      for (const skipExisting of [false, true])
        expect(counts(await replay({skipExisting}))).to.deep.equal([0, 10, 0, 0])
      const {hits} = await rag.search('c', {query: 'mainsail', mode: 'keyword', topK: 3})
      expect(hits[0]!.text).to.match(/mainsail/)
      expect(stores.faults(path.join(home, 'data'))).to.deep.equal([])
    })

    it('keeps where records came from, and filters by it', async () => {
      writeBatchFile(at('a.msgpack'), [{...sketchRecords(0, 1)[0], source: 'page.html', batch_tag: 'own'}])
      writeBatchFile(at('b.msgpack'), sketchRecords(4, 6), {batch_tag: 'spring', source: 'crawler'})
      await replay()
      const of = async (field: string, value: string): Promise<number> =>
        (await rag.listDocuments('c', {filters: [{field, op: '=', value}]})).total
      expect(await of('batch_tag', 'own')).to.equal(1)
      expect(await of('batch_tag', 'spring')).to.equal(2)
      expect(await of('source', 'page.html')).to.equal(1)
      expect(await of('source', 'crawler')).to.equal(2)
      expect(await of('batch_file', at('b.msgpack'))).to.equal(2)
      expect(await of('created_at', '2026-03-01T10:00:00.000Z')).to.equal(3)
      expect(await of('topic', '1')).to.equal(1)
    })

    it('takes the same content once, within a file and across files, and by a given content hash', async () => {
      const [one, two] = sketchRecords(0, 2)
      writeBatchFile(at('a.msgpack'), [one, two, one])
      writeBatchFile(at('b.msgpack'), [
        two,
        {text: 'other words', metadata: {content_hash: 'abcdef0123456789'}},
      ])
      writeBatchFile(at('c.msgpack'), [
        {text: 'words that were edited since', metadata: {content_hash: 'abcdef0123456789'}},
        {text: 'hashed by a number', metadata: {content_hash: 1234567890123}},
        {text: 'hashed by a number, and edited', metadata: {content_hash: 1234567890123}},
      ])
      expect(counts(await replay())).to.deep.equal([4, 0, 4, 0])
      expect((await rag.showDocument('c', 'abcdef0123456789')).chunks[0]!.text).to.equal('other words')
    })

    it('--skip-existing passes over what an ingest brought in', async () => {
      await rag.upsertDocument({corpus: 'c', docId: 'note', text: sketchRecords(0, 1)[0]!.text})
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 3))
      expect(counts(await replay({skipExisting: true}))).to.deep.equal([2, 1, 0, 0])
    })

    it('names bad records with number and byte, and takes the rest; --strict stops at the first', async () => {
      const good = sketchRecords(0, 4)
      writeBatchFile(at('a.msgpack'), [
        good[0],
        {metadata: {}},
        good[1],
        {text: 'x', embedding: [1, NaN]},
        good[2],
      ])
      const report = await replay()
      expect(counts(report)).to.deep.equal([3, 0, 0, 2])
      expect(report.failures.map(({message}) => message)).to.deep.equal([
        'record 2 at byte 129: it has no "text".',
        'record 4 at byte 213: number 2 of its embedding is NaN, not a finite float32.',
      ])
      expect(report.files[0]!.whole).to.equal(false)
      await rag.deleteCorpus('c')
      const strict = await replay({strict: true})
      expect([counts(strict), strict.failures.length]).to.deep.equal([[1, 0, 0, 1], 1])
    })

    it('takes of a file that breaks off what is whole; when it is complete, the rest', async () => {
      const file = writeBatchFile(at('a.msgpack'), sketchRecords(0, 10))
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.subarray(0, bytes.length - 30))
      const cut = await replay()
      expect([counts(cut), cut.files[0]!.whole]).to.deep.equal([[9, 0, 0, 0], false])
      expect(cut.failures[0]!.message).to.match(
        /record 10 at byte \d+: the file breaks off after 9 of 10 records/,
      )
      writeFileSync(file, bytes)
      expect(counts(await replay())).to.deep.equal([1, 9, 0, 0])
    })

    it('reads gzip and zstd, also under another name; damage inside is a fault of the file', async () => {
      const plain = encode({records: sketchRecords(0, 3)})
      writeFileSync(
        path.dirname(writeBatchFile(at('x.msgpack'), sketchRecords(5, 6))) + '/a.msgpack.gz',
        gzipSync(plain),
      )
      const compress = async (bytes: Uint8Array): Promise<Buffer> => {
        const parts: Uint8Array[] = []
        for await (const part of packed(pieces(bytes, 100), 'zstd')) parts.push(part)
        return Buffer.concat(parts)
      }
      writeFileSync(at('b.msgpack'), await compress(encode({records: sketchRecords(10, 13)})))
      writeFileSync(at('c.msgpack.gz'), gzipSync(plain).subarray(0, 60))
      writeFileSync(at('d.msgpack.zst'), (await compress(plain)).subarray(0, 60))
      const report = await replay()
      expect(report.inserted).to.equal(7)
      const bad = report.files.filter((file) => !file.whole).map((file) => path.basename(file.file))
      expect(bad).to.deep.equal(['c.msgpack.gz', 'd.msgpack.zst'])
      expect(report.failures[0]!.message).to.match(/its gzip data are damaged or cut off/)
    })

    it('interrupted while it looks at the head of an export makes no corpus of it; again it makes the same', async () => {
      const head = {corpus: 'x', settings: {model: 'external:m', chunkSize: 99, chunkOverlap: 9}}
      for (const name of ['a.msgpack', 'b.msgpack.gz']) {
        const bytes = encode({rag: head, records: sketchRecords(0, 5, 4)})
        mkdirSync(path.dirname(at(name)), {recursive: true})
        writeFileSync(at(name), name.endsWith('.gz') ? gzipSync(bytes) : bytes)
        const request = {corpus: name, files: [at(name)]}
        const stopped = await rag.replay(request, {signal: AbortSignal.abort()})
        expect([stopped.interrupted, stopped.files, counts(stopped)]).to.deep.equal([true, [], [0, 0, 0, 0]])
        expect(counts(await rag.replay(request))).to.deep.equal([5, 0, 0, 0])
        expect((await rag.showCorpus(name)).settings).to.include(head.settings)
      }
    })

    describe('what claims to be an export', () => {
      const passages = (id: string, of: number): {rag: Record<string, unknown>; text?: string}[] =>
        Array.from({length: of}, (_, i) => ({
          text: `${id}, passage ${i + 1}`,
          metadata: {},
          rag: {doc_id: id, n: i + 1, of, heading: [], lines: [1, 1], tokens: 1, overlap: 0, vector: 'none'},
        })).map(({rag: own, ...record}, i) => ({
          ...record,
          rag: i === 0 ? {...own, document: about(id)} : own,
        }))
      const about = (title: string, source: object = {}): object => ({
        ...{doc_hash: 'ab'.repeat(32), title, language: 'en', metadata: {}},
        source: {source: 's.txt', ...source},
      })

      it('loses the document that a bad passage belongs to, and no other', async () => {
        for (const bad of [0, 1, 2]) {
          const first = passages('first', 3)
          delete first[bad]!.text
          const file = writeBatchFile(at('a.msgpack'), [...first, ...passages('second', 3)])
          const {failures, ...report} = await rag.replay({corpus: `bad-${bad}`, files: [file]})
          expect(counts(report as ReplayReport), `passage ${bad + 1}`).to.deep.equal([3, 0, 0, 3])
          expect(failures[0]!.message).to.match(/no "text"/)
          const strict = await rag.replay({corpus: `strict-${bad}`, files: [file], strict: true})
          expect([strict.inserted, strict.failures.length]).to.deep.equal([0, 1])
        }
        const cut = [...passages('first', 3).slice(0, 2), ...passages('second', 1), ...passages('third', 1)]
        const file = writeBatchFile(at('a.msgpack'), cut)
        const report = await rag.replay({corpus: 'cut', files: [file]})
        expect(counts(report)).to.deep.equal([2, 0, 0, 2])
        expect(report.failures.map(({message}) => message)).to.deep.equal([
          'Document "first" breaks off after chunk 2 of 3; it is left out.',
        ])
        expect(counts(await rag.replay({corpus: 'cut-strict', files: [file], strict: true}))).to.deep.equal([
          0, 0, 0, 2,
        ])
      })

      it('and says of its source what no store takes is a fault of that record', async () => {
        const sources = [
          ...[{mtimeMs: {a: 1}}, {mtimeMs: 'x'}, {sizeBytes: 'x'}, {sizeBytes: 1.5}, {readAtMs: 1e300}],
          ...[{root: [1]}, {sha256: {}}, {pipeline: true}],
        ]
        const bad = sources.map((source, i) => {
          const [record] = passages(`bad ${i}`, 1)
          return {...record, rag: {...record!.rag, document: about('bad', source)}}
        })
        const file = writeBatchFile(at('a.msgpack'), [...bad, ...passages('good', 2)])
        const report = await rag.replay({corpus: 'c', files: [file]})
        expect(counts(report)).to.deep.equal([2, 0, 0, sources.length])
        expect(report.failures[0]!.message).to.match(/its "rag.document" member is not what an export writes/)
      })

      it('and has a head that no export has is taken as a batch of someone else', async () => {
        const heads = [
          ...[{}, {corpus: 'x'}, {corpus: 'x', settings: 5}, {corpus: 'x', settings: {model: 5}}],
          ...[
            {corpus: 'x', settings: {chunkSize: 'x'}},
            {corpus: 'x', settings: {}, fingerprint: 5},
          ],
          {corpus: 'x', settings: {model: 'lsa'}, provider: 'p', model: 'm', dimension: [4]},
        ]
        for (const [i, head] of heads.entries()) {
          const file = writeBatchFile(at('a.msgpack'), sketchRecords(0, 3, 4), {rag: head, model: 'm'})
          const report = await rag.replay({corpus: `head-${i}`, files: [file]})
          expect([...counts(report), report.model], JSON.stringify(head)).to.deep.equal([3, 0, 0, 0, 'm'])
        }
      })

      it('and has settings in its head that no corpus can have makes none, and is named', async () => {
        const head = {corpus: 'x', settings: {chunkSize: -1, model: 'lsa'}}
        const file = writeBatchFile(at('a.msgpack'), sketchRecords(0, 3), {rag: head})
        await rejects(
          rag.replay({corpus: 'odd', files: [file]}),
          'BAD_INPUT',
          /a\.msgpack: the settings.*not -1\./,
        )
        await rejects(rag.showCorpus('odd'), 'STORE_MISSING')
        const report = await rag.replay({corpus: 'odd', files: [file], settings: {chunkSize: 100}})
        expect(report.inserted).to.equal(3)
      })
    })

    it('goes on after files that are no batches, and are gone', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 2))
      writeFileSync(at('b.msgpack'), 'not a batch at all')
      writeFileSync(at('c.msgpack'), '')
      const report = await replay({files: [at('gone.msgpack')]})
      expect(report.inserted).to.equal(2)
      expect(report.files.map(({error}) => error?.code)).to.deep.equal([
        undefined,
        'BAD_INPUT',
        'BAD_INPUT',
        'INPUT_MISSING',
      ])
      await rejects(rag.replay({corpus: 'c', globs: [at('nothing-*')]}), 'INPUT_MISSING')
      await rejects(rag.replay({corpus: 'c'}), 'USAGE')
    })

    describe('vectors', () => {
      it('without a model named anywhere are refused, and nothing is stored of them', async () => {
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 2, 4))
        for (const dryRun of [true, false]) await rejects(replay({dryRun}), 'USAGE')
        expect(existsSync(path.join(home, 'data'))).to.equal(false)
      })

      it('take the name that the batch gives', async () => {
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 2, 4), {model: 'bge-small'})
        expect((await replay()).model).to.equal('bge-small')
        expect((await rag.showCorpus('c')).settings.model).to.equal('external:bge-small')
      })

      it('of another model, or another dimension, are refused with both', async () => {
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 2, 4), {model: 'm'})
        await replay()
        writeBatchFile(at('b.msgpack'), sketchRecords(2, 4, 4), {model: 'other'})
        const other = await replay()
        expect(other.files[1]!.error?.code).to.equal('MODEL_MISMATCH')
        expect(other.files[1]!.error?.message).to.match(/made by other.*embedded by m/)
        expect(other.files[1]).to.include({records: 1, inserted: 0, failed: 1})
        writeBatchFile(at('b.msgpack'), sketchRecords(2, 4, 5), {model: 'm'})
        const wide = await replay()
        expect(wide.failures[0]!.message).to.match(/has 5 dimensions, corpus "c" has 4/)
        expect((await rag.showCorpus('c')).documents).to.equal(2)
      })

      it('of zeros are as good as missing', async () => {
        const [one] = sketchRecords(0, 1)
        writeBatchFile(at('a.msgpack'), [{...one, embedding: [0, 0, 0, 0]}, ...sketchRecords(1, 3, 4)], {
          model: 'm',
        })
        const report = await replay()
        expect([report.inserted, report.chunks.pending]).to.deep.equal([3, 1])
        expect((await rag.search('c', {query: 'bees', mode: 'keyword'})).hits).to.have.length(1)
      })

      it('are held against the corpus by a dry run too', async () => {
        writeBatchFile(at('a.msgpack'), [...sketchRecords(0, 2, 4), ...sketchRecords(2, 3, 5)], {model: 'm'})
        expect(counts(await replay({dryRun: true}))).to.deep.equal([2, 0, 0, 1])
        await replay()
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 2, 4), {model: 'other'})
        const report = await replay({dryRun: true})
        expect([report.inserted, report.files[0]!.error?.code]).to.deep.equal([0, 'MODEL_MISMATCH'])
      })

      it('of others never enter a corpus with a learned model; --reembed makes them by it', async () => {
        await rag.upsertDocument({
          corpus: 'c',
          docId: 'note',
          text: 'bees swarm in may and bees swarm in june',
        })
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 4, 4), {model: 'm'})
        expect((await replay()).files[0]!.error?.code).to.equal('MODEL_MISMATCH')
        const report = await replay({reembed: true})
        expect([report.inserted, report.model, report.chunks.pending]).to.deep.equal([4, 'lsa', 0])
      })

      it('that are missing are made by the model of the corpus, where it can be reached', async () => {
        writeBatchFile(at('a.msgpack'), [...sketchRecords(0, 2, 8), ...sketchRecords(2, 5)], {
          model: 'scripted:a',
        })
        const report = await replay({settings: {model: 'scripted:a'}})
        expect([report.inserted, report.chunks.pending, provider.asked.length]).to.deep.equal([5, 0, 3])
        const {hits} = await rag.search('c', {query: 'knead the dough', mode: 'vector', topK: 1})
        expect(hits).to.have.length(1)
      })

      it('that no model here can make leave records to keyword search, which is said', async () => {
        writeBatchFile(at('a.msgpack'), [...sketchRecords(0, 2, 4), ...sketchRecords(2, 5)], {model: 'm'})
        const report = await replay()
        expect(report.chunks).to.deep.equal({total: 5, pending: 3, dummy: 0})
        expect(report.notes[0]).to.match(
          /3 chunks of "c" have no vector: the model external:m can't make them here/,
        )
        await rejects(rag.search('c', {query: 'bees', mode: 'vector'}), 'NO_VECTORS')
        expect((await rag.search('c', {query: 'bees', mode: 'keyword'})).hits.length).to.be.greaterThan(0)
      })

      it('of a service that is down stay pending, files are not marked as done, and the same call goes on', async () => {
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 8))
        provider.textsLeft = 4
        const stateFile = path.join(home, 'state.json')
        const ask = {settings: {model: 'scripted:a'}, stateFile, archive: {dir: path.join(home, 'done')}}
        const down = await replay(ask)
        expect([down.failure?.code, down.inserted, down.chunks.pending]).to.deep.equal([
          'EMBEDDER_UNREACHABLE',
          8,
          4,
        ])
        expect([existsSync(stateFile), existsSync(at('a.msgpack'))]).to.deep.equal([false, true])
        provider.textsLeft = Infinity
        const up = await replay(ask)
        expect([up.failure, up.skipped, up.chunks.pending]).to.deep.equal([undefined, 8, 0])
        expect(provider.asked).to.have.length(8)
        expect([existsSync(stateFile), existsSync(at('a.msgpack'))]).to.deep.equal([true, false])
      })

      it('--dummy-fill stores zeros, which searches leave out and --only-missing fills', async () => {
        writeBatchFile(at('a.msgpack'), sketchRecords(0, 6))
        provider.textsLeft = 0
        const report = await replay({settings: {model: 'scripted:a'}, dummyFill: 8})
        expect([report.dummies, report.chunks, report.failure]).to.deep.equal([
          6,
          {total: 6, pending: 0, dummy: 6},
          undefined,
        ])
        provider.textsLeft = Infinity
        expect((await rag.search('c', {query: 'bees swarm', mode: 'vector'})).hits).to.deep.equal([])
        const filled = await rag.rebuild({corpus: 'c', onlyMissing: true})
        expect([filled.vectors, filled.dummy]).to.deep.equal([6, 0])
        expect((await rag.search('c', {query: 'bees swarm', mode: 'vector'})).hits).not.to.deep.equal([])
      })

      it('--dummy-fill without any model makes a corpus of that dimension', async () => {
        writeBatchFile(at('a.msgpack'), [...sketchRecords(0, 3), ...sketchRecords(3, 5, 768)])
        const report = await replay({dummyFill: 768, skipExisting: true})
        expect([report.dimension, report.chunks.dummy, report.model]).to.deep.equal([768, 3, 'unnamed'])
        writeBatchFile(at('b.msgpack'), sketchRecords(5, 6))
        await rejects(replay({dummyFill: 4}), 'DIMENSION_MISMATCH')
      })
    })

    it('--state-file names what is done; a file that was written since is taken again, a damaged one set aside', async () => {
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 2))
      writeBatchFile(at('b.msgpack'), sketchRecords(2, 4))
      const stateFile = path.join(home, 'state.json')
      writeFileSync(stateFile, JSON.stringify([at('b.msgpack')]))
      expect((await replay({stateFile})).files.map(({file}) => path.basename(file))).to.deep.equal([
        'a.msgpack',
      ])
      expect((await replay({stateFile})).files).to.deep.equal([])
      writeBatchFile(at('a.msgpack'), sketchRecords(0, 3))
      expect(counts(await replay({stateFile}))).to.deep.equal([1, 2, 0, 0])
      writeFileSync(stateFile, '[{"name": "a.msg')
      const {notes, files} = await replay({stateFile})
      expect(notes[0]).to.match(/could not be understood and was set aside/)
      expect(files).to.have.length(2)
      expect(readFileSync(`${stateFile}.corrupt-1`, 'utf8')).to.equal('[{"name": "a.msg')
      expect(JSON.parse(readFileSync(stateFile, 'utf8'))).to.have.length(2)
    })

    it('a dry run reads and checks everything, and makes nothing', async () => {
      writeBatchFile(at('a.msgpack'), [...sketchRecords(0, 3), {no: 'text'}, ...sketchRecords(0, 1)])
      const report = await replay({dryRun: true})
      expect([counts(report), report.dryRun]).to.deep.equal([[3, 0, 1, 1], true])
      expect(existsSync(path.join(home, 'data'))).to.equal(false)
    })
  })
