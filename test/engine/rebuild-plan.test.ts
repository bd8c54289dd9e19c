import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {
  openRag,
  type IngestRequest,
  type Rag,
  type RebuildReport,
  type RebuildRequest,
} from '../../src/lib/index.js'
import {vectorDocuments, writeJsonl} from '../support/jsonl-corpus.js'
import {SeededText} from '../support/seeded-text.js'
import {rejects} from '../support/store-fixtures.js'

const CORPUS = 'default'
/** What is announced to the letter; how large the index and a newly learned model become shows only while they are made. */
const exact = (report: RebuildReport, withIndex: boolean): unknown => {
  const {action, embeddingVersion, kept, vectors, pending, dummy, embedded, keywords, model} = report
  const rest = {action, embeddingVersion, kept, vectors, pending, dummy, embedded, keywords, model}
  const {segments, resumed, dimension} = report
  return withIndex ? {...rest, segments, resumed, dimension} : rest
}

describe('a dry run of a rebuild', function () {
  this.timeout(120_000)
  let home: string
  let rag: Rag
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'rag-plan-'))
    rag = await openRag({dataDir: path.join(home, 'data'), maxWorkers: 2})
  })
  afterEach(async () => {
    await rag.close()
    rmSync(home, {recursive: true, force: true})
  })

  const holds = async (request: Omit<RebuildRequest, 'corpus'>, withIndex: boolean): Promise<void> => {
    const plan = await rag.planRebuild({corpus: CORPUS, ...request})
    const report = await rag.rebuild({corpus: CORPUS, ...request})
    expect(exact(plan, withIndex), JSON.stringify(request)).to.deep.equal(exact(report, withIndex))
  }

  it('says what a rebuild and a compaction then do, after any writes', async () => {
    const write = fc.record({
      of: fc.nat(3),
      count: fc.integer({min: 1, max: 40}),
      chunks: fc.integer({min: 1, max: 90}),
      remove: fc.nat(12),
      then: fc.constantFrom('compact' as const, 'rebuild' as const, 'nothing' as const),
    })
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(write, {minLength: 1, maxLength: 4}), async (writes) => {
        round++
        for (const {of, count, chunks, remove, then} of writes) {
          const documents = vectorDocuments(count, {chunks, dimension: 4, prefix: `d${of}`, seed: round})
          const jsonl = writeJsonl(path.join(home, 'some.jsonl'), documents)
          await rag.ingest({corpus: CORPUS, jsonl, settings: {model: 'external:test'}})
          const ids = Array.from({length: remove}, (_, i) => `d${of}-${i}`)
          if (remove > 0) await rag.deleteDocuments(CORPUS, ids)
          if (then !== 'nothing') await holds(then === 'compact' ? {compact: true} : {}, true)
        }
        await holds({}, true)
      }),
      {numRuns: 4},
    )
  })

  it('says what is embedded, into which version, and which is kept', async () => {
    const text = new SeededText(3, 60)
    const write = async (from: number, to: number, more: Partial<IngestRequest> = {}): Promise<void> => {
      mkdirSync(path.join(home, 'docs'), {recursive: true})
      for (let i = from; i < to; i++)
        writeFileSync(path.join(home, 'docs', `${i}.md`), text.document(i % 6, 3, 12))
      await rag.ingest({corpus: CORPUS, dirs: [path.join(home, 'docs')], noRefit: true, ...more})
    }
    await write(0, 40, {textOnly: true})
    await holds({reembed: true, onlyMissing: true}, false)
    await holds({reembed: true, keepOld: true}, false)
    await write(40, 44)
    await holds({reembed: true, onlyMissing: true}, false)
    await holds({rollback: true}, false)
    await holds({rollback: true}, false)
    await holds({reembed: true}, false)
    const stop = new AbortController()
    const onProgress = ({phase}: {phase: string}): void => void (phase === 'embed' && stop.abort())
    await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true}, {signal: stop.signal, onProgress})
    await holds({reembed: true}, false)
    // A corpus without text.
    await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true})
    const {documents} = await rag.listDocuments(CORPUS, {limit: 100})
    await rag.deleteDocuments(
      CORPUS,
      documents.map(({docId}) => docId),
    )
    await holds({reembed: true}, true)
    await holds({rollback: true}, true)
    await holds({}, true)
  })

  it('refuses what the run would refuse, and says which chunks stay without a vector', async () => {
    const write = async (prefix: string): Promise<unknown> => {
      const documents = vectorDocuments(10, {chunks: 3, dimension: 4, prefix, seed: 1})
      const jsonl = writeJsonl(path.join(home, 'some.jsonl'), documents)
      return rag.ingest({corpus: CORPUS, jsonl, settings: {model: 'external:test'}})
    }
    await write('a')
    await rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true, model: 'lsa'})
    mkdirSync(path.join(home, 'docs'))
    writeFileSync(path.join(home, 'docs', 'new.md'), new SeededText(3, 60).document(1, 3, 12))
    await rag.ingest({corpus: CORPUS, dirs: [path.join(home, 'docs')], noRefit: true})
    const plan = await rag.planRebuild({corpus: CORPUS, rollback: true})
    expect(plan.notes).to.deep.equal((await rag.rebuild({corpus: CORPUS, rollback: true})).notes)
    expect(plan.notes).to.have.length(1)
    // What is kept now is the learned model.
    rmSync(path.join(home, 'data', 'models'), {recursive: true})
    for (const ask of [rag.planRebuild.bind(rag), rag.rebuild.bind(rag)])
      await rejects(ask({corpus: CORPUS, rollback: true}), 'MODEL_DAMAGED')
  })
})
