import {expect} from 'chai'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {CorpusName} from '../../../../src/lib/model/names.js'
import {
  foreseen,
  planRestore,
  type RestoreFacts,
  type RestorePlan,
  type RestoreTarget,
} from '../../../../src/lib/upkeep/backup/restore-plan.js'

const A = 'a' as CorpusName
const B = 'b' as CorpusName
const store = (corpora: CorpusName[], writing: string[] = []): RestoreTarget => ({
  state: 'store',
  corpora,
  writing,
})

type Wanted = Partial<RestorePlan> & {readonly told?: readonly string[]}
type Options = RestoreFacts['options']

describe('planRestore', () => {
  const cases: readonly [
    what: string,
    corpus: CorpusName | undefined,
    target: RestoreTarget,
    options: Options,
    wanted: Wanted | RegExp,
  ][] = [
    ['into nothing', undefined, {state: 'missing'}, {}, {replaced: [], old: 'none', told: []}],
    ['into nothing, new only', undefined, {state: 'missing'}, {onlyNew: true}, {old: 'none'}],
    ['into an empty store', undefined, store([]), {onlyNew: true}, {replaced: [], old: 'none'}],
    ['over a store', undefined, store([A, B]), {}, {replaced: [A, B], old: 'replace'}],
    ['over a store, new only', undefined, store([A]), {onlyNew: true}, /holds a store with a/],
    ['over a store that is kept', undefined, store([A]), {keepOld: true}, {replaced: [A], old: 'back-up'}],
    ['an empty store has nothing to keep', undefined, store([]), {keepOld: true}, {old: 'none'}],
    ['one corpus over itself', A, store([A]), {}, {replaced: [A], old: 'replace'}],
    ['one corpus over others', A, store([A, B]), {}, /backup of the corpus "a" alone.*lose "b"/],
    ['one corpus over others, by force', A, store([A, B]), {force: true}, {replaced: [A, B]}],
    ['one corpus over others, which are kept', A, store([A, B]), {keepOld: true}, {old: 'back-up'}],
    [
      'over a damaged store',
      A,
      {state: 'damaged'},
      {keepOld: true},
      {
        replaced: [],
        old: 'set-aside',
        told: ['The database there is damaged; it would be kept under another name.'],
      },
    ],
    ['over a damaged store, new only', A, {state: 'damaged'}, {onlyNew: true}, /holds a store\./],
    [
      'over a store that is being written',
      undefined,
      store([A, B], ['a', 'b']),
      {},
      {old: 'replace', told: ['Being written now, which would stop the restore: a, b.']},
    ],
  ]
  for (const [what, corpus, target, options, wanted] of cases)
    it(what, () => {
      const manifest = {leftOut: [], ...(corpus === undefined ? {} : {corpus})}
      const facts = {manifest, backupDir: '/backup', dataDir: '/data', target, options}
      if (wanted instanceof RegExp)
        return expect(() => planRestore(facts))
          .to.throw(RagError, wanted)
          .with.property('code', 'USAGE')
      const {told, ...plan} = wanted
      expect(planRestore(facts)).to.deep.include(plan)
      if (told) expect(foreseen(planRestore(facts))).to.deep.equal(told)
    })

  it('notes what the backup lacks', () => {
    const leftOut = [{kind: 'index', file: 'a/v1/s', sizeBytes: 1, sha256: 'x', reason: 'gone'}] as const
    const facts = {backupDir: '/b', dataDir: '/d', target: {state: 'missing'}, options: {}} as const
    expect(planRestore({...facts, manifest: {leftOut}}).notes).to.deep.equal([
      'a/v1/s was not in order when the backup was made (gone); the next ingest makes it anew.',
    ])
  })
})
