import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {runRag} from '../support/run-rag.js'
import {SmallDisk} from '../support/small-disk.js'
import {filesBelow, TempHome} from '../support/temp-home.js'

const ON = {env: {RAG_CACHE: 'on'}}

describe('rag cache, by the real binary', function () {
  this.timeout(60_000)
  let home: TempHome
  beforeEach(async () => {
    home = new TempHome('cache')
    home.write('kb/a.md', '# Apples\n\nApples are stored in the cellar until spring.')
    home.write('kb/b.md', '# Pears\n\nPears are eaten at once, before they are brown.')
    await home.run(['ingest', '--dir', 'kb'], ON)
  })
  afterEach(() => home.remove())

  const json = async (...argv: string[]): Promise<Record<string, Record<string, unknown>>> => {
    const ran = await home.run([...argv, '--json'], ON)
    expect(ran.code, ran.stderr).to.equal(0)
    return JSON.parse(ran.stdout) as Record<string, Record<string, unknown>>
  }

  it('answers the second time from the cache, and says so; --no-cache and --refresh do not', async () => {
    const hits: unknown[] = []
    for (const more of [[], [], ['--refresh'], ['--no-cache'], ['--top-k', '1']]) {
      hits.push((await json('search', 'apples', ...more))['cache']!['retrieval_hit'])
    }
    expect(hits).to.deep.equal([false, true, false, false, false])
    const asked = await json('ask', 'Where are apples stored?')
    const again = await json('ask', 'Where are apples stored?')
    expect([asked['cache']!['answer_hit'], again['cache']!['answer_hit']]).to.deep.equal([false, true])
    expect(again['answer']).to.equal(asked['answer'])
    expect((await json('cache', 'stats'))['tables']).to.have.keys('embeddings', 'retrieval', 'answers')
  })

  it('counts and purges, in both spellings; unknown tables are refused', async () => {
    await json('search', 'apples')
    await json('search', 'apples')
    const {tables} = (await json('cache', '--stats')) as unknown as {
      tables: Record<string, {count: number; hits: number}>
    }
    expect(tables['retrieval']).to.include({count: 1, hits: 1, misses: 1, hit_rate: 0.5})
    expect((await home.run(['cache', 'stats'], ON)).stdout).to.match(/retrieval +1 +.*50\.0 %/)
    expect(await json('cache', '--purge', 'answers,retrieval')).to.deep.include({
      removed: {embeddings: 0, retrieval: 1, answers: 0},
    })
    expect((await json('search', 'apples'))['cache']!['retrieval_hit']).to.equal(false)
    expect((await json('cache', 'purge', 'all', '--corpus', 'default'))['removed']!['retrieval']).to.equal(1)
    const wrong = await home.run(['cache', 'purge', 'everything'], ON)
    expect([wrong.code, wrong.stderr]).to.deep.equal([
      2,
      'rag: error: "everything" is no table of the cache.\n  They are: embeddings, retrieval, answers; or all.\n',
    ])
    expect((await home.run(['cache', 'prune'], ON)).code).to.equal(2)
    expect((await home.run(['cache', 'prune', '--older-than', 'yesterday'], ON)).code).to.equal(2)
    expect(
      (await home.run(['cache', 'prune', '--older-than', '30d', '--max-size', '1MB'], ON)).code,
    ).to.equal(0)
  })

  it('warms by a file of queries', async () => {
    home.write('q.txt', 'apples\npears\n\n')
    const ran = await home.run(['cache', 'warm', '--queries', 'q.txt', '--json'], ON)
    expect([ran.code, JSON.parse(ran.stdout)]).to.deep.equal([
      3,
      {queries: 2, already_cached: 0, cached_now: 2, not_cached: 0, skipped: 1},
    ])
    expect((await json('search', 'pears'))['cache']!['retrieval_hit']).to.equal(true)
    const off = await home.run(['cache', 'warm', '--queries', 'q.txt'])
    expect([off.code, off.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && /turned off/.test(said),
    )
    const nowhere = {RAG_CACHE: 'on', RAG_CACHE_DIR: home.path('kb/a.md')}
    const lost = await home.run(['cache', 'warm', '--queries', 'q.txt', '--json'], {env: nowhere})
    expect([lost.code, JSON.parse(lost.stdout)]).to.deep.equal([
      3,
      {queries: 2, already_cached: 0, cached_now: 0, not_cached: 2, skipped: 1},
    ])
  })

  it('keeps nothing of what is deleted for good, and lies where it is told', async () => {
    const dir = home.path('elsewhere')
    const env = {RAG_CACHE: 'on', RAG_CACHE_DIR: dir}
    await home.run(['search', 'cellar'], {env})
    await home.run(['ask', 'Where are apples stored?'], {env})
    expect(existsSync(`${dir}/cache.db`)).to.equal(true)
    const ran = await home.run(['docs', 'delete', 'a.md', '--hard', '--json'], {env})
    expect(ran.code, ran.stderr).to.equal(0)
    for (const file of [...filesBelow(dir), ...filesBelow(home.data)])
      expect(readFileSync(file).includes('cellar until'), file).to.equal(false)
  })

  it('keeps nothing of what is deleted for good while it is turned off, or after it was damaged', async () => {
    await home.run(['search', 'cellar'], ON)
    const kept = readFileSync(home.path('data/cache.db'))
    writeFileSync(home.path('data/cache.db.corrupt'), kept)
    const ran = await home.run(['docs', 'delete', 'a.md', '--hard', '--json'])
    expect(ran.code, ran.stderr).to.equal(0)
    for (const file of filesBelow(home.data))
      expect(readFileSync(file).includes('cellar until'), file).to.equal(false)
  })

  it('says when it could not be looked at: nothing is claimed to be gone, or done', async () => {
    const {default: Database} = await import('better-sqlite3')
    await home.run(['search', 'cellar'], ON)
    const db = new Database(home.path('data/cache.db'))
    db.exec('BEGIN IMMEDIATE')
    try {
      const purge = await home.run(['cache', 'purge', 'all'], ON)
      expect([purge.code, purge.stderr]).to.satisfy(
        ([code, said]: [number, string]) => code === 6 && /cache\.db is locked by another process/.test(said),
      )
      const gone = await home.run(['docs', 'delete', 'a.md', '--hard'], ON)
      expect([gone.code, gone.stdout, gone.stderr]).to.satisfy(
        ([code, out, said]: [number, string, string]) =>
          code === 3 && /STILL IN +caches/.test(out) && /could not be removed.*rag cache purge/s.test(said),
        JSON.stringify(gone),
      )
    } finally {
      db.close()
    }
    expect((await home.run(['search', 'cellar', '--json'], ON)).stdout).not.to.contain('cellar until')
    expect((await home.run(['cache', 'purge', 'all'], ON)).code).to.equal(0)
  })

  it('is purged by several at once while others search', async () => {
    const searches = Array.from({length: 6}, (_, i) => home.run(['search', `apples ${i}`, '--json'], ON))
    const purges = Array.from({length: 4}, () => home.run(['cache', 'purge', 'all', '--json'], ON))
    for (const ran of await Promise.all([...searches, ...purges])) expect(ran.code, ran.stderr).to.equal(0)
    expect((await home.run(['cache', 'purge', 'all'], ON)).code).to.equal(0)
    const {tables} = await json('cache', 'stats')
    for (const table of Object.values(tables!)) expect(table).to.include({count: 0, total_bytes: 0})
    expect((await json('verify'))['findings']).to.deep.equal([])
  })

  it('stops nothing on a disk that is full', async function () {
    SmallDisk.skipWithout(this)
    const disk = new SmallDisk(256)
    try {
      const env = {RAG_CACHE: 'on', RAG_CACHE_DIR: disk.folder}
      for (let i = 0; i < 40; i++) home.write(`kb/p${i}.md`, `pears ${i} ${'word '.repeat(2000)}`)
      await home.run(['ingest', '--dir', 'kb'], {env})
      for (let i = 0; i < 12; i++) {
        const ran = await home.run(['search', `pears ${i}`, '--top-k', '40', '--context', '2', '--json'], {
          env,
        })
        expect([ran.code, ran.stderr]).to.deep.equal([0, ''])
      }
      expect((await home.run(['cache', 'stats'], {env})).code).to.be.oneOf([0, 1])
      const purge = await home.run(['cache', 'purge', 'all'], {env})
      if (purge.code !== 0) expect(purge.stderr).to.match(/No space is left for the cache/)
    } finally {
      disk.remove()
    }
  })

  it('makes no file for those who only look', async () => {
    rmSync(home.path('data/cache.db'), {force: true})
    expect((await json('cache', 'stats'))['tables']!['retrieval']).to.include({count: 0})
    expect((await home.run(['cache', 'purge', 'all'])).code).to.equal(0)
    expect(existsSync(home.path('data/cache.db'))).to.equal(false)
  })

  it('is done without when it is damaged, or a folder stands in its place', async () => {
    await json('search', 'apples')
    writeFileSync(home.path('data/cache.db'), 'no database')
    expect((await json('search', 'apples'))['cache']!['retrieval_hit']).to.equal(false)
    expect((await json('search', 'apples'))['cache']!['retrieval_hit']).to.equal(true)
    const ran = await runRag(['search', 'apples', '--json'], {
      dataDir: home.data,
      env: {RAG_CACHE: 'on', RAG_CACHE_DIR: home.path('kb/a.md')},
    })
    expect([ran.code, ran.stderr]).to.deep.equal([0, ''])
  })
})
