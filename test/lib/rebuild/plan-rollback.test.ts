import {expect} from 'chai'
import type {Corpus} from '../../../src/lib/model/corpus.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {RagError, type ErrorCode} from '../../../src/lib/model/errors.js'
import {planRollback, type RollbackFacts, type RollbackPlan} from '../../../src/lib/rebuild/plan-rollback.js'

const spec = {model: 'openai:a', queryPrefix: 'q: '}
const corpus = {id: 1, name: 'books', settings: {...spec, chunkSize: 9}} as unknown as Corpus
const version = (number: number, more: Partial<EmbeddingVersion>): EmbeddingVersion =>
  ({id: 10 + number, number, provider: 'lsa', model: 'lsa', ...more}) as EmbeddingVersion

const modelFile = {file: 'm', sizeBytes: 1, sha256: 's'}
const live = version(3, {state: 'live'})
const building = version(4, {state: 'building'})
const retired = version(2, {state: 'retired'})
const learned = version(1, {state: 'retired', kept: true, modelFile})
const external = version(1, {state: 'retired', kept: true, provider: 'external', model: 'x'})
const served = version(1, {state: 'retired', kept: true, provider: 'tei', spec: {model: 'tei:http://a'}})

describe('planRollback', () => {
  const cases: readonly (readonly [
    what: string,
    facts: Pick<RollbackFacts, 'versions'> & Partial<RollbackFacts>,
    wanted: Partial<RollbackPlan> | ErrorCode,
  ])[] = [
    ['nothing is kept', {versions: [live, retired, building]}, 'USAGE'],
    ['the kept model is damaged', {versions: [learned, live], isDamaged: true}, 'MODEL_DAMAGED'],
    [
      'a learned model embeds what has come since, and its settings come back without those of the other model',
      {versions: [learned, live], missing: 7},
      {
        drop: [],
        into: learned,
        promotion: {keepOld: true, allowPending: false, settings: {chunkSize: 9, model: 'lsa'} as never},
        notes: [],
      },
    ],
    [
      'an unfinished version goes, and no other',
      {versions: [learned, retired, live, building]},
      {drop: [building], into: learned},
    ],
    [
      'a served model embeds by its own settings',
      {versions: [served, live], missing: 7},
      {
        promotion: {
          keepOld: true,
          allowPending: false,
          settings: {chunkSize: 9, model: 'tei:http://a'} as never,
        },
        notes: [],
      },
    ],
    [
      'vectors that only documents can bring stay missing, and a note says so',
      {versions: [external, live], missing: 7},
      {
        promotion: {
          keepOld: true,
          allowPending: true,
          settings: {chunkSize: 9, model: 'external:x'} as never,
        },
        notes: [
          '7 chunks came after that version was in use and have no vector of it; only keyword search finds them.',
        ],
      },
    ],
    ['none of them is missing', {versions: [external, live], missing: 0}, {notes: []}],
  ]
  for (const [what, facts, wanted] of cases)
    it(what, () => {
      const plan = (): RollbackPlan => planRollback({corpus, missing: 0, isDamaged: false, ...facts})
      if (typeof wanted === 'string') return expect(plan).to.throw(RagError).with.property('code', wanted)
      expect(plan()).to.deep.include(wanted)
      expect(JSON.parse(JSON.stringify(plan()))).to.deep.equal(plan())
    })
})
