import {expect} from 'chai'
import type {VersionChoice} from '../../../src/lib/embedding/embedding-request.js'
import {
  needsIdentity,
  planEmbedding,
  type EmbeddingFacts,
  type EmbeddingPlan,
} from '../../../src/lib/embedding/plan-embedding.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'

const MODEL_FILE = {file: 'books/v1.lsa', sizeBytes: 1, sha256: 'a'.repeat(64)}

function version(number: number, more: Partial<EmbeddingVersion> = {}): EmbeddingVersion {
  return {
    id: number,
    corpusId: 1,
    number,
    state: 'live',
    provider: 'lsa',
    model: 'lsa',
    dimension: 64,
    fingerprint: `f${number}`,
    createdAtMs: 0,
    ...more,
  }
}
const learned = (number: number, more: Partial<EmbeddingVersion> = {}): EmbeddingVersion =>
  version(number, {modelFile: MODEL_FILE, fittedChunks: 100, ...more})
const served = (number: number, model: string, more: Partial<EmbeddingVersion> = {}): EmbeddingVersion =>
  version(number, {provider: 'tei', model, spec: {model}, ...more})

const BUILDING = {state: 'building'} as const
const IDENTITY = {provider: 'tei', model: 'tei:a', dimension: 8, fingerprint: 'now'}

/** What a plan says, in a word or two; the test's own reading of it. */
function told({drop, into, notes}: EmbeddingPlan): string {
  const target =
    into.kind === 'existing'
      ? `into ${into.version.number}`
      : into.kind === 'none'
        ? 'none'
        : [
            into.kind,
            into.isFirst ? 'first' : 'beside',
            ...(into.keepsOld ? ['keeping'] : []),
            ...(into.kind === 'learn' && into.instead ? [`or drop ${into.instead.number}`] : []),
          ].join(' ')
  const dropped = drop.length > 0 ? `drop ${drop.map(({number}) => number).join('+')}, ` : ''
  return `${dropped}${target}${notes.length > 0 ? ', with a note' : ''}`
}

interface Case {
  readonly when: string
  readonly model?: string
  readonly versions?: readonly EmbeddingVersion[]
  readonly chunks?: number
  readonly damaged?: readonly number[]
  readonly isReembedded?: boolean
  readonly identity?: EmbeddingFacts['identity']
  readonly choice?: VersionChoice
  readonly plan: string
}

const RENEW = {renew: {keepOld: false}}
const KEEP = {renew: {keepOld: true}}

const CASES: readonly Case[] = [
  // Vectors that come with documents.
  {when: 'external vectors are expected', model: 'external:x', plan: 'none'},
  {
    when: 'external vectors are there',
    model: 'external:x',
    versions: [version(1, {provider: 'external'})],
    plan: 'into 1',
  },
  // Models learned from the corpus.
  {when: 'an empty corpus is to be learned from', chunks: 0, plan: 'none'},
  {when: 'a corpus is learned from for the first time', plan: 'learn first'},
  {when: 'the learned model is as it should be', versions: [learned(1)], plan: 'into 1'},
  {when: 'the corpus has doubled', versions: [learned(1)], chunks: 200, plan: 'learn beside or drop 1'},
  {
    when: 'it has doubled and is not to be learned anew',
    versions: [learned(1)],
    chunks: 200,
    choice: {noRefit: true},
    plan: 'into 1',
  },
  {
    when: 'something was removed for good',
    versions: [learned(1, {fittedChunks: 0})],
    plan: 'learn beside or drop 1',
  },
  {
    when: 'a refit is asked for',
    versions: [learned(1)],
    choice: {refit: true},
    plan: 'learn beside or drop 1',
  },
  {
    when: 'all was removed, and a refit is asked for',
    versions: [learned(1)],
    chunks: 0,
    choice: {refit: true},
    plan: 'drop 1, none',
  },
  {when: 'all was softly deleted', versions: [learned(1)], chunks: 0, plan: 'into 1'},
  {
    when: 'a re-embedding finds nothing left',
    versions: [learned(1)],
    chunks: 0,
    choice: RENEW,
    plan: 'into 1',
  },
  {when: 'a new version is asked for', versions: [learned(1)], choice: RENEW, plan: 'learn beside'},
  {
    when: 'a new version is asked for and the old one kept',
    versions: [learned(1)],
    choice: KEEP,
    plan: 'learn beside keeping',
  },
  {
    when: 'the model file is damaged',
    versions: [learned(1)],
    damaged: [1],
    plan: 'learn beside or drop 1, with a note',
  },
  // Unfinished versions of learned models.
  {
    when: 'an unfinished version is worth finishing',
    versions: [learned(1), learned(2, BUILDING)],
    plan: 'into 2',
  },
  {when: 'the first version was not finished', versions: [learned(1, BUILDING)], plan: 'into 1'},
  {
    when: 'an unfinished version has been outgrown',
    versions: [learned(1), learned(2, BUILDING)],
    chunks: 200,
    plan: 'drop 2, learn beside or drop 1',
  },
  {
    when: 'an unfinished version is damaged',
    versions: [learned(1), learned(2, BUILDING)],
    damaged: [2],
    plan: 'drop 2, into 1',
  },
  {
    when: 'a refit is asked for beside an unfinished version',
    versions: [learned(1), learned(2, BUILDING)],
    choice: {refit: true},
    plan: 'drop 2, learn beside or drop 1',
  },
  {
    when: 'a re-embedding was cut off and goes on',
    versions: [learned(1), learned(2, BUILDING)],
    choice: RENEW,
    plan: 'into 2',
  },
  {
    when: 'another process makes the next version',
    versions: [learned(1), learned(2, BUILDING)],
    isReembedded: true,
    plan: 'into 1',
  },
  {
    when: 'that process waits for this one',
    versions: [learned(1), learned(2, BUILDING)],
    isReembedded: true,
    choice: {isSole: true},
    plan: 'into 2',
  },
  {
    when: 'another model was being put in place',
    versions: [learned(1), served(2, 'tei:b', BUILDING)],
    plan: 'into 1',
  },
  {
    when: 'it was, and the live model is damaged',
    versions: [learned(1), served(2, 'tei:b', BUILDING)],
    damaged: [1],
    plan: 'drop 2, learn beside or drop 1, with a note',
  },
  {
    when: 'the corpus goes back to a learned model',
    versions: [served(1, 'tei:b'), served(2, 'tei:b', BUILDING)],
    choice: RENEW,
    plan: 'drop 2, learn beside',
  },
  // Models that are served.
  {when: 'there is no text for a served model', model: 'tei:a', chunks: 0, plan: 'none'},
  {when: 'a served model is used for the first time', model: 'tei:a', identity: IDENTITY, plan: 'new first'},
  {when: 'its vectors are there', model: 'tei:a', versions: [served(1, 'tei:a')], plan: 'into 1'},
  {
    when: 'a new version is asked of it',
    model: 'tei:a',
    versions: [served(1, 'tei:a')],
    identity: IDENTITY,
    choice: KEEP,
    plan: 'new beside keeping',
  },
  {
    when: 'an unfinished version of it goes on',
    model: 'tei:a',
    versions: [served(1, 'tei:a'), served(2, 'tei:a', {...BUILDING, fingerprint: 'now'})],
    identity: IDENTITY,
    plan: 'into 2',
  },
  {
    when: 'the service has changed its model meanwhile',
    model: 'tei:a',
    versions: [served(1, 'tei:a'), served(2, 'tei:a', BUILDING)],
    identity: IDENTITY,
    plan: 'drop 2, into 1',
  },
  {
    when: 'it has, and a new version is asked for',
    model: 'tei:a',
    versions: [served(1, 'tei:a'), served(2, 'tei:a', BUILDING)],
    identity: IDENTITY,
    choice: RENEW,
    plan: 'drop 2, new beside',
  },
  {
    when: 'a served model takes the place of a learned one',
    model: 'tei:a',
    versions: [learned(1)],
    identity: IDENTITY,
    choice: RENEW,
    plan: 'new beside',
  },
]

const factsOf = ({
  model = 'lsa',
  versions = [],
  chunks = 100,
  damaged = [],
  isReembedded = false,
  identity,
}: Case): EmbeddingFacts => ({
  corpus: 'books',
  spec: {model},
  versions,
  chunks,
  damaged: new Set(damaged),
  isReembedded,
  identity,
})

describe('planEmbedding', () => {
  for (const one of CASES)
    it(`when ${one.when}: ${one.plan}`, () => {
      expect(told(planEmbedding(factsOf(one), one.choice ?? {}))).to.equal(one.plan)
    })

  it('asks a served model what it is only where the plan depends on it', () => {
    const asked = CASES.filter((one) => needsIdentity(factsOf(one), one.choice ?? {}))
    expect(asked.map(({when}) => when)).to.deep.equal(
      CASES.filter(({identity}) => identity).map(({when}) => when),
    )
  })

  it('never drops a live version unless nothing is left to learn from', () => {
    for (const one of CASES)
      for (const {state} of planEmbedding(factsOf(one), one.choice ?? {}).drop)
        if (state === 'live') expect(one.chunks).to.equal(0)
  })

  it('is a plain value that can be printed', () => {
    for (const one of CASES) {
      const plan = planEmbedding(factsOf(one), one.choice ?? {})
      const {instead: _, ...into} = {instead: undefined, ...plan.into}
      expect(JSON.parse(JSON.stringify({...plan, into}))).to.deep.equal({...plan, into})
    }
  })
})
