import {expect} from 'chai'
import type {Collected} from '../../../src/lib/ingest/collect-inputs.js'
import {inspectUnlisted, planPrune, type PruneFacts} from '../../../src/lib/ingest/prune.js'
import type {KnownSource} from '../../../src/lib/model/document.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {SourceTree} from '../../../src/lib/ports/files/source-tree.js'

const onDisk = (...paths: string[]): Pick<SourceTree, 'exists'> => ({
  exists: (path: string) => Promise.resolve(paths.includes(path)),
})

const known = (...sources: [docId: string, source: string, root?: string][]): Map<string, KnownSource> =>
  new Map(
    sources.map(([docId, source, root]) => [
      docId,
      {docId, docHash: 'h', source: {source, ...(root === undefined ? {} : {root})}},
    ]),
  )

const listed = (roots: Record<string, number>): Collected => ({
  candidates: [],
  failed: [],
  ignored: {},
  roots: new Map(Object.entries(roots)),
})

const facts = (
  roots: Record<string, number>,
  ...unlisted: [docId: string, root: string, isGone: boolean][]
): PruneFacts => ({
  roots: new Map(Object.entries(roots)),
  unlisted: unlisted.map(([docId, root, isGone]) => ({docId, root, isGone})),
})

describe('planPrune', () => {
  const cases: readonly [what: string, facts: PruneFacts, plan: readonly string[] | 'PRUNE_REFUSED'][] = [
    ['nothing unlisted', facts({'/kb': 3}), []],
    ['a file that is gone', facts({'/kb': 3}, ['a.md', '/kb', true]), ['a.md']],
    ['a file that is merely left out', facts({'/kb': 3}, ['a.pdf', '/kb', false]), []],
    [
      'gone and left out, of two roots',
      facts({'/a': 1, '/b': 2}, ['a', '/a', true], ['b', '/b', false], ['c', '/b', true]),
      ['a', 'c'],
    ],
    ['an empty root of which something is stored', facts({'/kb': 0}, ['a', '/kb', true]), 'PRUNE_REFUSED'],
    ['an empty root of which nothing is stored', facts({'/kb': 0, '/b': 1}, ['b', '/b', true]), ['b']],
    [
      'one empty root among others: nothing of any is deleted',
      facts({'/a': 5, '/b': 0}, ['a', '/a', true], ['b', '/b', true]),
      'PRUNE_REFUSED',
    ],
  ]
  for (const [what, given, wanted] of cases)
    it(what, () => {
      if (wanted !== 'PRUNE_REFUSED') return expect(planPrune(given)).to.deep.equal({remove: wanted})
      expect(() => planPrune(given))
        .to.throw(RagError)
        .with.property('code', wanted)
    })
})

describe('inspectUnlisted', () => {
  it('finds documents of the listed roots that the listing does not name, and no others', async () => {
    const sources = known(
      ['gone.md', '/kb/gone.md', '/kb'],
      ['left-out.pdf', '/kb/left-out.pdf', '/kb'],
      ['other.md', '/other/other.md', '/other'],
      ['named.md', '/kb/named.md'],
      ['stdin', 'stdin'],
    )
    const found = await inspectUnlisted(onDisk('/kb/left-out.pdf'), listed({'/kb': 1}), sources)
    expect(found.unlisted).to.deep.equal([
      {docId: 'gone.md', root: '/kb', isGone: true},
      {docId: 'left-out.pdf', root: '/kb', isGone: false},
    ])
    expect(planPrune(found)).to.deep.equal({remove: ['gone.md']})
  })

  it('looks for no file of a root without any: the plan refuses it', async () => {
    const tree = {exists: () => Promise.reject(new Error('looked for'))}
    const found = await inspectUnlisted(tree, listed({'/kb': 0}), known(['a.md', '/kb/a.md', '/kb']))
    expect(() => planPrune(found))
      .to.throw(RagError)
      .with.property('code', 'PRUNE_REFUSED')
  })
})
