import {expect} from 'chai'
import type {Collected} from '../../../src/lib/ingest/collect-inputs.js'
import {findGone} from '../../../src/lib/ingest/prune.js'
import type {KnownSource} from '../../../src/lib/model/document.js'
import type {SourceTree} from '../../../src/lib/ports/files/source-tree.js'
import {rejects} from '../../support/store-fixtures.js'

const onDisk = (...paths: string[]): SourceTree =>
  ({exists: (path: string) => Promise.resolve(paths.includes(path))}) as unknown as SourceTree

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

describe('findGone', () => {
  it('finds documents of the listed roots whose file is gone, and no others', async () => {
    const sources = known(
      ['gone.md', '/kb/gone.md', '/kb'],
      ['left-out.pdf', '/kb/left-out.pdf', '/kb'],
      ['other.md', '/other/other.md', '/other'],
      ['named.md', '/kb/named.md'],
      ['stdin', 'stdin'],
    )
    expect(await findGone(onDisk('/kb/left-out.pdf'), listed({'/kb': 1}), sources)).to.deep.equal(['gone.md'])
  })

  it('refuses a root without any file', async () => {
    await rejects(findGone(onDisk(), listed({'/kb': 0}), known(['a.md', '/kb/a.md', '/kb'])), 'PRUNE_REFUSED')
  })

  it('has nothing to refuse when nothing of an empty root is stored', async () => {
    expect(
      await findGone(onDisk(), listed({'/kb': 0}), known(['a.md', '/other/a.md', '/other'])),
    ).to.deep.equal([])
  })
})
