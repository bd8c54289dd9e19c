import {expect} from 'chai'
import type {CorpusSettings} from '../../../src/lib/model/corpus.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'
import {planEmptySwitch} from '../../../src/lib/rebuild/plan-empty-switch.js'

const settings = {model: 'openai:a', chunkSize: 9} as CorpusSettings
const version = (id: number, more: Partial<EmbeddingVersion>): EmbeddingVersion =>
  ({id, number: id, provider: 'lsa', model: 'lsa', ...more}) as EmbeddingVersion

const learned = version(1, {state: 'live'})
const building = version(2, {state: 'building'})
const kept = version(3, {state: 'retired', kept: true})
const same = version(4, {state: 'live', spec: {model: 'openai:a'}})
const other = version(5, {state: 'live', spec: {model: 'openai:a', queryPrefix: 'q: '}})

describe('planEmptySwitch', () => {
  const cases: readonly (readonly [
    what: string,
    versions: readonly EmbeddingVersion[],
    drop: readonly EmbeddingVersion[],
  ])[] = [
    ['there is no version yet', [], []],
    [
      'the live version of another model goes, and what is unfinished',
      [learned, building],
      [learned, building],
    ],
    ['what is kept stays', [kept, learned], [learned]],
    ['a version of the new model stays', [kept, same], []],
    ['the same model, used in another way, is another model', [other], [other]],
  ]
  for (const [what, versions, drop] of cases)
    it(what, () => {
      const plan = planEmptySwitch({chunks: 0, versions, settings})
      expect(plan).to.deep.equal({drop, settings})
      expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
    })

  it('a corpus with text is embedded instead', () => {
    expect(planEmptySwitch({chunks: 1, versions: [learned], settings})).to.equal(undefined)
  })
})
