import {expect} from 'chai'
import type {Collected} from '../../../src/lib/ingest/collect-inputs.js'
import {inspectUnlisted, planPrune, type PruneFacts} from '../../../src/lib/ingest/prune.js'
import type {KnownSource} from '../../../src/lib/model/document.js'
import {RagError} from '../../../src/lib/model/errors.js'
import {folderUnreadable, linkLeadsNowhere} from '../../../src/lib/model/errors/files/folder.js'
import type {ListingProblem, SourceTree} from '../../../src/lib/ports/files/source-tree.js'

type State = PruneFacts['unlisted'][number]['state']

const onDisk = (...paths: string[]): Pick<SourceTree, 'hasFile'> => ({
  hasFile: (path: string) => Promise.resolve(paths.includes(path)),
})

const known = (...sources: [docId: string, source: string, root?: string][]): Map<string, KnownSource> =>
  new Map(
    sources.map(([docId, source, root]) => [
      docId,
      {docId, docHash: 'h', source: {source, ...(root === undefined ? {} : {root})}},
    ]),
  )

const listed = (roots: Record<string, number>, ...problems: ListingProblem[]): Collected => ({
  candidates: [],
  failed: [],
  ignored: {},
  roots: new Map(Object.entries(roots)),
  problems: new Map(Object.keys(roots).map((root) => [root, problems])),
})

const problem = (path: string, unknown: ListingProblem['unknown']): ListingProblem => ({
  path,
  error: folderUnreadable(path, 'permission denied'),
  unknown,
})

const facts = (
  roots: Record<string, number>,
  ...unlisted: [docId: string, root: string, state: State][]
): PruneFacts => ({
  roots: new Map(Object.entries(roots)),
  unlisted: unlisted.map(([docId, root, state]) => ({docId, root, state})),
})

describe('planPrune', () => {
  const cases: readonly [what: string, facts: PruneFacts, remove: readonly string[] | 'PRUNE_REFUSED'][] = [
    ['nothing unlisted', facts({'/kb': 3}), []],
    ['a file that is gone', facts({'/kb': 3}, ['a.md', '/kb', 'gone']), ['a.md']],
    ['a file that is left out now', facts({'/kb': 3}, ['a.pdf', '/kb', 'left-out']), ['a.pdf']],
    ['a file below a folder that can not be read', facts({'/kb': 3}, ['l/a.md', '/kb', 'unknown']), []],
    [
      'gone, left out and unknown, of two roots',
      facts({'/a': 1, '/b': 2}, ['a', '/a', 'gone'], ['b', '/b', 'left-out'], ['c', '/b', 'unknown']),
      ['a', 'b'],
    ],
    ['an empty root of which something is stored', facts({'/kb': 0}, ['a', '/kb', 'gone']), 'PRUNE_REFUSED'],
    ['an empty root of which nothing is stored', facts({'/kb': 0, '/b': 1}, ['b', '/b', 'gone']), ['b']],
    ['a root that only has unreadable folders', facts({'/kb': 0}, ['l/a.md', '/kb', 'unknown']), []],
    [
      'one empty root among others: nothing of any is deleted',
      facts({'/a': 5, '/b': 0}, ['a', '/a', 'gone'], ['b', '/b', 'gone']),
      'PRUNE_REFUSED',
    ],
  ]
  for (const [what, given, wanted] of cases)
    it(what, () => {
      if (wanted !== 'PRUNE_REFUSED')
        return expect(planPrune(given, {prune: true}).remove).to.deep.equal(wanted)
      expect(() => planPrune(given, {prune: true}))
        .to.throw(RagError)
        .with.property('code', wanted)
    })

  it('removes nothing unless asked to, and tells what is left out all the same', () => {
    const given = facts({'/a': 0}, ['a', '/a', 'gone'], ['b', '/a', 'left-out'])
    const seen = facts({'/a': 2}, ['a', '/a', 'gone'], ['b', '/a', 'left-out'])
    expect(planPrune(seen, {prune: true, keepLeftOut: true}).remove).to.deep.equal(['a'])
    expect(planPrune(given, {prune: false})).to.deep.equal({remove: [], leftOut: ['b']})
  })
})

describe('inspectUnlisted', () => {
  const states = async (
    tree: Pick<SourceTree, 'hasFile'>,
    collected: Collected,
    sources: Map<string, KnownSource>,
  ): Promise<Record<string, State>> => {
    const {unlisted} = await inspectUnlisted(tree, collected, sources)
    return Object.fromEntries(unlisted.map(({docId, state}) => [docId, state]))
  }

  it('finds documents of the listed roots that the listing does not name, and no others', async () => {
    const sources = known(
      ['gone.md', '/kb/gone.md', '/kb'],
      ['left-out.pdf', '/kb/left-out.pdf', '/kb'],
      ['other.md', '/other/other.md', '/other'],
      ['named.md', '/kb/named.md'],
      ['stdin', 'stdin'],
    )
    expect(await states(onDisk('/kb/left-out.pdf'), listed({'/kb': 1}), sources)).to.deep.equal({
      'gone.md': 'gone',
      'left-out.pdf': 'left-out',
    })
  })

  it('takes nothing for gone that lies at or below what can not be read', async () => {
    const sources = known(
      ['l/a.md', '/kb/l/a.md', '/kb'],
      ['l', '/kb/l', '/kb'],
      ['li/a.md', '/kb/li/a.md', '/kb'],
    )
    expect(
      await states(onDisk('/kb/l/a.md'), listed({'/kb': 1}, problem('l', 'entries')), sources),
    ).to.deep.equal({'l/a.md': 'unknown', l: 'unknown', 'li/a.md': 'gone'})
  })

  it('takes nothing for gone when looking for it fails', async () => {
    const tree = {hasFile: () => Promise.reject(folderUnreadable('a', 'the disk'))}
    expect(await states(tree, listed({'/kb': 1}), known(['a.md', '/kb/a.md', '/kb']))).to.deep.equal({
      'a.md': 'unknown',
    })
  })

  it('takes nothing for left out where rules can not be read; what is gone is gone', async () => {
    const sources = known(
      ['s/a.md', '/kb/s/a.md', '/kb'],
      ['s/b.md', '/kb/s/b.md', '/kb'],
      ['c.md', '/kb/c.md', '/kb'],
    )
    const tree = onDisk('/kb/s/a.md', '/kb/c.md')
    expect(await states(tree, listed({'/kb': 1}, problem('s/.gitignore', 'rules')), sources)).to.deep.equal({
      's/a.md': 'unknown',
      's/b.md': 'gone',
      'c.md': 'left-out',
    })
    const above = problem('/repo/.gitignore', 'rules')
    expect(await states(tree, listed({'/kb': 1}, above), sources)).to.include({'c.md': 'unknown'})
  })

  it('takes a link that leads nowhere for gone, and a file that is listed under another id for neither', async () => {
    const link: ListingProblem = {path: 'a.md', error: linkLeadsNowhere('a.md')}
    const file = {path: 'b.md', absolutePath: '/kb/b.md', sizeBytes: 1, mtimeMs: 1}
    const collected = {...listed({'/kb': 2}, link), candidates: [{docId: 'new/b.md', file, root: '/kb'}]}
    const sources = known(['a.md', '/kb/a.md', '/kb'], ['b.md', '/kb/b.md', '/kb'])
    expect(await states(onDisk('/kb/b.md'), collected, sources)).to.deep.equal({'a.md': 'gone'})
  })

  it('looks for no file of a root without any: the plan refuses it', async () => {
    const tree = {hasFile: () => Promise.reject(new Error('looked for'))}
    const found = await inspectUnlisted(tree, listed({'/kb': 0}), known(['a.md', '/kb/a.md', '/kb']))
    expect(() => planPrune(found, {prune: true}))
      .to.throw(RagError)
      .with.property('code', 'PRUNE_REFUSED')
  })
})
