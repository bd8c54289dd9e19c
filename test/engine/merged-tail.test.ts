import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {compactAfterWrite} from '../../src/lib/indexing/compact-corpus.js'
import type {Services} from '../../src/lib/ports/services.js'
import {RagError, type IngestReport, type Rag} from '../../src/lib/index.js'
import {STORE_KINDS} from '../support/rag-stores.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {filesBelow} from '../support/temp-home.js'

const CORPUS = 'default'
/** So much goes into two small segments; three calls leave six, and a fourth completes a run of eight. */
const VECTORS = 4096
const CHUNKS = 64

for (const {name, createStores, itAtScale} of STORE_KINDS)
  describe(`a tail that completes a run of small segments (${name})`, function () {
    this.timeout(60_000)
    let home: string
    let data: string
    let rag: Rag
    beforeEach(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'rag-merged-'))
      data = path.join(home, 'data')
      rag = await createStores().open({dataDir: data, maxWorkers: 2})
    })
    afterEach(async () => {
      await rag.close()
      rmSync(home, {recursive: true, force: true})
    })

    const ingest = (call: number): Promise<IngestReport> => {
      const shape = {chunks: CHUNKS, dimension: 8, seed: call, prefix: `call-${call}`}
      const jsonl = writeJsonl(path.join(home, 'in.jsonl'), vectorDocuments(VECTORS / CHUNKS, shape))
      return rag.ingest({corpus: CORPUS, jsonl, settings: {model: 'external:test'}})
    }
    const names = (): string[] => filesBelow(path.join(data, 'indexes')).map((file) => path.basename(file))

    itAtScale('is indexed together with these, and is counted as what was built', async () => {
      const built = []
      for (let call = 1; call <= 4; call++) built.push((await ingest(call)).checkpoints)
      expect(built).to.deep.equal([2, 2, 2, 2])
      expect(names()).to.have.members(['seg-1-8192.hnsw', 'seg-8193-16384.hnsw'])
    })

    it('fails the call when it can not be indexed, where a merge that can wait only warns', async () => {
      const warnings: string[] = []
      const full = new RagError('DISK_FULL', 'No space is left.')
      const services = {
        logger: {warn: (text: string) => warnings.push(text)},
        store: {write: () => Promise.resolve({countCorpus: () => Promise.reject(full)})},
      } as unknown as Services
      const place = {version: {state: 'live'}} as unknown as Parameters<typeof compactAfterWrite>[1]
      const write = {corpus: CORPUS, indexed: 0}
      expect(await compactAfterWrite(services, place, write, {})).to.equal(0)
      expect(warnings).to.deep.equal([`The index of "${CORPUS}" was not compacted: No space is left.`])
      const thrown = await compactAfterWrite(services, place, {...write, tailWaits: true}, {}).catch(
        (error: unknown) => error,
      )
      expect(thrown).to.equal(full)
    })
  })
