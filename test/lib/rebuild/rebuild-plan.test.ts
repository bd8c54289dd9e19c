import {expect} from 'chai'
import type {EmbeddingFacts} from '../../../src/lib/embedding/plan-embedding.js'
import type {IndexFacts} from '../../../src/lib/indexing/index-facts.js'
import type {Corpus} from '../../../src/lib/model/corpus.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {Segment} from '../../../src/lib/model/segment.js'
import type {RebuildFacts} from '../../../src/lib/rebuild/rebuild-facts.js'
import {planRebuild, planReembed, type Expected} from '../../../src/lib/rebuild/rebuild-plan.js'

const corpus = {id: 1, name: 'books', settings: {model: 'lsa', dimension: 128}} as unknown as Corpus
const external = {...corpus, settings: {...corpus.settings, model: 'external:a'}} as Corpus

const modelFile = {file: 'm', sizeBytes: 1, sha256: 's'}
const version = (number: number, more: Partial<EmbeddingVersion> = {}): EmbeddingVersion =>
  ({
    id: 10 + number,
    corpusId: 1,
    number,
    provider: 'lsa',
    model: 'lsa',
    dimension: 128,
    ...more,
  }) as EmbeddingVersion

const segment = (id: number, count: number): Segment =>
  ({
    id,
    count,
    firstSeq: 1 + (id - 1) * count,
    lastSeq: id * count,
    dimension: 128,
    sizeBytes: 100,
  }) as Segment

const index = (more: Partial<IndexFacts> = {}): IndexFacts => ({
  live: version(1, {state: 'live', modelFile}),
  kept: undefined,
  building: undefined,
  segments: [],
  staged: [],
  tail: 0,
  chunks: 100,
  vectors: 100,
  pending: 0,
  dummy: 0,
  bytes: 0,
  ...more,
})

const kept = version(1, {state: 'retired', kept: true, modelFile})
const rollback = {action: 'rollback', versions: [kept, version(2, {state: 'live'})]} as const
const sizes = {min: 8, max: 16}

/** What `planEmbedding` would be told of the same corpus. */
function embedding(
  {live, kept, building, chunks}: IndexFacts,
  {settings, name}: Corpus,
  more: Partial<EmbeddingFacts> = {},
): EmbeddingFacts {
  const versions = [
    ...(kept ? [{...kept, state: 'retired', kept: true} as const] : []),
    ...(live ? [{...live, state: 'live'} as const] : []),
    ...(building ? [{...building, state: 'building'} as const] : []),
  ]
  return {
    corpus: name,
    spec: settings,
    versions,
    chunks,
    damaged: new Set(),
    isReembedded: false,
    ...more,
  }
}

type Facts = RebuildFacts extends infer F
  ? F extends unknown
    ? Omit<F, 'corpus' | 'index' | 'threads' | 'embedding'>
    : never
  : never
type Case = readonly [
  what: string,
  facts: Facts,
  index: Partial<IndexFacts>,
  wanted: Partial<Expected> | string,
]

describe('planRebuild', () => {
  const cases: readonly Case[] = [
    [
      'rebuild: keywords of all chunks, segments as the segments are planned',
      {action: 'rebuild', rebuild: {sizes, threads: 2, staged: [], gaps: [{from: 1, to: 99, count: 40}]}},
      {segments: [segment(1, 40)]},
      {keywords: 100, embedded: 0, resumed: 0, segments: {before: 1, after: 4}},
    ],
    [
      'rebuild: without vectors, keywords alone',
      {action: 'rebuild'},
      {live: undefined, vectors: 0, pending: 100},
      {keywords: 100, segments: {before: 0, after: 0}, embeddingVersion: {before: 0, after: 0}},
    ],
    [
      'compact: what is small becomes one',
      {
        action: 'compact',
        pieces: [1, 2, 3].map((id) => ({
          from: 1 + (id - 1) * 3000,
          to: id * 3000,
          live: 3000,
          segment: {id, count: 3000},
        })),
      },
      {segments: [1, 2, 3].map((id) => segment(id, 3000)), vectors: 9000, chunks: 9000},
      {keywords: 0, embedded: 0, segments: {before: 3, after: 1}},
    ],
    ['compact: nothing to do', {action: 'compact'}, {live: undefined}, {segments: {before: 0, after: 0}}],
    [
      'fill: what is pending and what has a placeholder',
      {action: 'fill', unfinished: 0},
      {vectors: 90, pending: 7, dummy: 3},
      {embedded: 10, vectors: 100, pending: 0, dummy: 0, embeddingVersion: {before: 1, after: 1}},
    ],
    [
      'fill: without a version in use, all go into the first one',
      {action: 'fill', unfinished: 0},
      {live: undefined, vectors: 0, pending: 100},
      {
        embedded: 100,
        vectors: 100,
        pending: 0,
        dimension: 128,
        embeddingVersion: {before: 0, after: 1},
        kept: 0,
      },
    ],
    [
      'fill: without a version in use and without a chunk, nothing',
      {action: 'fill', unfinished: 0},
      {live: undefined, chunks: 0, vectors: 0},
      {embedded: 0, dimension: 0, embeddingVersion: {before: 0, after: 0}},
    ],
    [
      'fill: one that was cut off is finished, and the one in use filled until then',
      {action: 'fill', unfinished: 60},
      {
        vectors: 95,
        pending: 5,
        building: version(2, {modelFile, fittedChunks: 90}),
        kept: version(0, {modelFile}),
      },
      {embedded: 65, vectors: 100, pending: 0, embeddingVersion: {before: 1, after: 2}, kept: 0},
    ],
    [
      'rollback: what has come since is embedded, and the one in use kept',
      {...rollback, kept: {missing: 5, segments: 2, isDamaged: false}},
      {live: version(2), kept},
      {
        embedded: 5,
        pending: 0,
        embeddingVersion: {before: 2, after: 1},
        kept: 2,
        segments: {before: 0, after: 2},
      },
    ],
    [
      'rollback: vectors that only documents can bring stay missing',
      {
        ...rollback,
        versions: [version(1, {state: 'retired', kept: true, provider: 'external'})],
        kept: {missing: 5, segments: 0, isDamaged: false},
      },
      {live: version(2), kept},
      {embedded: 0, pending: 5, vectors: 95},
    ],
    [
      'rollback: nothing is kept',
      {action: 'rollback', versions: [], kept: {missing: 0, segments: 0, isDamaged: false}},
      {},
      'USAGE',
    ],
    [
      'rollback: the kept model is damaged',
      {...rollback, kept: {missing: 0, segments: 0, isDamaged: true}},
      {live: version(2), kept},
      'MODEL_DAMAGED',
    ],
  ]
  for (const [what, facts, of, wanted] of cases)
    it(what, () => {
      const found = index(of)
      const all = {
        ...facts,
        corpus,
        threads: 2,
        index: found,
        ...(facts.action === 'fill' ? {embedding: embedding(found, corpus)} : {}),
      } as RebuildFacts
      if (typeof wanted === 'string')
        return expect(() => planRebuild(all))
          .to.throw(RagError)
          .with.property('code', wanted)
      const plan = planRebuild(all)
      expect(plan.expected).to.deep.include(wanted)
      expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
    })

  it('fill: vectors that only documents can bring are refused when some are missing, and not announced without a version', () => {
    const live = version(1, {provider: 'external', model: 'a'})
    const fill = (of: Partial<IndexFacts>): RebuildFacts => ({
      action: 'fill',
      corpus: external,
      threads: 2,
      index: index(of),
      embedding: embedding(index(of), external),
      unfinished: 0,
    })
    expect(() => planRebuild(fill({live, pending: 1})))
      .to.throw(RagError)
      .with.property('code', 'MODEL_MISMATCH')
    expect(planRebuild(fill({live})).expected.embedded).to.equal(0)
    expect(planRebuild(fill({live: undefined, vectors: 0, pending: 100})).expected).to.deep.include({
      embedded: 0,
      pending: 100,
      embeddingVersion: {before: 0, after: 0},
    })
  })

  it('fill: a damaged model is learned anew, and all embedded by it', () => {
    const found = index({pending: 5, vectors: 95})
    const facts = {corpus, threads: 2, index: found, unfinished: 0}
    const damaged = embedding(found, corpus, {damaged: new Set([11])})
    expect(planRebuild({...facts, action: 'fill', embedding: damaged}).expected).to.deep.include({
      embedded: 100,
      embeddingVersion: {before: 1, after: 2},
    })
  })
})

describe('planReembed', () => {
  const served = {...corpus, settings: {...corpus.settings, model: 'tei:a'}} as Corpus
  const identity = {provider: 'tei', model: 'a', dimension: 128, fingerprint: 'now'}
  const ofServed = {provider: 'tei', model: 'a', spec: {model: 'tei:a'}}
  const cutOff = version(2, {modelFile, fittedChunks: 90, keepsOld: true})
  const cases: readonly {
    readonly when: string
    readonly of?: Partial<IndexFacts>
    readonly keepOld?: boolean
    readonly by?: Corpus
    readonly more?: Partial<EmbeddingFacts>
    readonly expected: Partial<Expected>
  }[] = [
    {
      when: 'the next number',
      of: {live: version(4)},
      expected: {embedded: 100, embeddingVersion: {before: 4, after: 5}, kept: 0},
    },
    {when: 'the one before is kept', keepOld: true, expected: {kept: 1}},
    {
      when: 'one that was cut off goes on, and keeps what it was to keep',
      of: {building: cutOff},
      expected: {embedded: 30, embeddingVersion: {before: 1, after: 2}, kept: 1},
    },
    {
      when: 'one that the corpus has outgrown is begun anew under its number',
      of: {building: {...cutOff, fittedChunks: 40}},
      expected: {embedded: 100, embeddingVersion: {before: 1, after: 2}, kept: 0},
    },
    {
      when: 'one whose model is damaged is begun anew under its number',
      of: {building: cutOff},
      more: {damaged: new Set([cutOff.id])},
      expected: {embedded: 100, embeddingVersion: {before: 1, after: 2}, kept: 0},
    },
    {
      when: 'one of the same served model goes on, with its dimension',
      of: {building: version(2, {...ofServed, fingerprint: 'now', dimension: 8})},
      by: served,
      more: {identity},
      expected: {embedded: 30, dimension: 8, embeddingVersion: {before: 1, after: 2}},
    },
    {
      when: 'one of a served model that has changed is begun anew',
      of: {building: version(2, {...ofServed, fingerprint: 'then'})},
      by: served,
      more: {identity},
      expected: {embedded: 100, embeddingVersion: {before: 1, after: 2}},
    },
    {
      when: 'without text there is nothing to learn from, and no version until the next ingest',
      of: {chunks: 0, vectors: 0},
      expected: {embedded: 0, vectors: 0, dimension: 0, embeddingVersion: {before: 1, after: 0}},
    },
    {
      when: 'without text there is a version of a served model all the same',
      of: {chunks: 0, vectors: 0},
      by: served,
      more: {identity},
      expected: {embedded: 0, vectors: 0, model: 'tei:a', embeddingVersion: {before: 1, after: 2}},
    },
  ]
  for (const {when, of, keepOld = false, by = corpus, more, expected} of cases)
    it(when, () => {
      const found = index(of)
      const {settings} = by
      const facts = {corpus, index: found, threads: 2, settings, keepOld, unfinished: 30}
      const plan = planReembed({...facts, embedding: embedding(found, by, more)})
      expect(plan.expected).to.deep.include(expected)
      expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
    })
})
