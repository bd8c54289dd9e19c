import {expect} from 'chai'
import {TempHome} from '../support/temp-home.js'

describe('rag restore', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(async () => {
    home = new TempHome('restore')
    for (const corpus of ['a', 'b'])
      await home.ok('docs', 'upsert', '--corpus', corpus, '--doc-id', 'd', '--text', `text of ${corpus}`)
    await home.ok('backup', 'copy', '--corpus', 'a')
  })
  afterEach(() => home.remove())

  const corpora = async (): Promise<string[]> =>
    (await home.json<{corpora: {corpus: string}[]}>('corpus', 'list')).corpora.map(({corpus}) => corpus)

  it('takes no other corpus away by a backup of one, unless told so', async () => {
    for (const more of [[], ['--dry-run']]) {
      const ran = await home.run(['restore', 'copy', ...more])
      expect(ran.code, ran.stderr).to.equal(2)
      expect(ran.stderr).to.match(/backup of the corpus "a" alone\. The store would lose "b"\. Nothing was/)
      expect(ran.stderr).to.contain('--into NEW')
    }
    expect(await corpora()).to.deep.equal(['a', 'b'])
    const kept = await home.json<{kept_old: string}>('restore', 'copy', '--keep-old')
    expect(await corpora()).to.deep.equal(['a'])
    await home.ok('restore', kept.kept_old)
    expect(await corpora()).to.deep.equal(['a', 'b'])
    await home.ok('restore', 'copy', '--force')
    expect(await corpora()).to.deep.equal(['a'])
  })

  it('puts a backup of one corpus in the place of a store that holds that alone', async () => {
    await home.ok('corpus', 'delete', 'b', '--yes')
    await home.ok('docs', 'delete', 'd', '--corpus', 'a')
    await home.ok('restore', 'copy')
    expect((await home.run(['docs', 'show', 'd', '--corpus', 'a'])).code).to.equal(0)
  })
})
