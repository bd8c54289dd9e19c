import {expect} from 'chai'
import type {IndexFacts} from '../../../src/lib/indexing/index-facts.js'
import type {Corpus} from '../../../src/lib/model/corpus.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {Segment} from '../../../src/lib/model/segment.js'
import type {RebuildFacts} from '../../../src/lib/rebuild/rebuild-facts.js'
import {planRebuild, type Expected} from '../../../src/lib/rebuild/rebuild-plan.js'

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

const reembed = {
  action: 'reembed',
  settings: corpus.settings,
  keepOld: false,
  versions: [version(1)],
  unfinished: 0,
} as const
const served = {...corpus.settings, model: 'openai:a'}
const kept = version(1, {state: 'retired', kept: true, modelFile})
const rollback = {action: 'rollback', versions: [kept, version(2, {state: 'live'})]} as const
const sizes = {min: 8, max: 16}

type Facts = RebuildFacts extends infer F
  ? F extends unknown
    ? Omit<F, 'corpus' | 'index' | 'threads'>
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
      {action: 'fill'},
      {vectors: 90, pending: 7, dummy: 3},
      {embedded: 10, vectors: 100, pending: 0, dummy: 0, embeddingVersion: {before: 1, after: 1}},
    ],
    [
      'reembed: the next number',
      {...reembed, versions: [version(4)]},
      {live: version(4)},
      {embedded: 100, embeddingVersion: {before: 4, after: 5}, kept: 0},
    ],
    ['reembed: the one before is kept', {...reembed, keepOld: true}, {}, {kept: 1}],
    [
      'reembed: one that was cut off goes on, and keeps what it was to keep',
      {...reembed, versions: [version(1), version(2)], unfinished: 30},
      {building: version(2, {modelFile, fittedChunks: 90, keepsOld: true})},
      {embedded: 30, embeddingVersion: {before: 1, after: 2}, kept: 1},
    ],
    [
      'reembed: one that the corpus has outgrown is begun anew under its number',
      {...reembed, versions: [version(1), version(2)], unfinished: 30},
      {building: version(2, {modelFile, fittedChunks: 40, keepsOld: true})},
      {embedded: 100, embeddingVersion: {before: 1, after: 2}, kept: 0},
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
    [
      'reembed: without text there is nothing to learn from, and no version until the next ingest',
      reembed,
      {chunks: 0, vectors: 0},
      {embedded: 0, vectors: 0, dimension: 0, embeddingVersion: {before: 1, after: 0}},
    ],
    [
      'reembed: without text there is a version of a served model all the same',
      {...reembed, settings: served},
      {chunks: 0, vectors: 0},
      {embedded: 0, vectors: 0, model: 'openai:a', embeddingVersion: {before: 1, after: 2}},
    ],
  ]
  for (const [what, facts, of, wanted] of cases)
    it(what, () => {
      const all = {...facts, corpus, threads: 2, index: index(of)} as RebuildFacts
      if (typeof wanted === 'string')
        return expect(() => planRebuild(all))
          .to.throw(RagError)
          .with.property('code', wanted)
      const plan = planRebuild(all)
      expect(plan.expected).to.deep.include(wanted)
      expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
    })

  it('fill: refuses vectors that only documents can bring, when some are missing', () => {
    const live = version(1, {provider: 'external', model: 'a'})
    const fill = (pending: number): RebuildFacts => ({
      action: 'fill',
      corpus: external,
      threads: 2,
      index: index({live, pending}),
    })
    expect(() => planRebuild(fill(1)))
      .to.throw(RagError)
      .with.property('code', 'MODEL_MISMATCH')
    expect(planRebuild(fill(0)).expected.embedded).to.equal(0)
  })
})
