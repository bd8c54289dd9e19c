import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {expect} from 'chai'
import {inspectStore, snapshotCorpus, type CorpusSnapshot} from '../support/corpus-snapshot.js'
import {sketchRecords, writeBatchFile} from '../support/batch-file.js'
import type {RagRun} from '../support/run-rag.js'
import {TempHome} from '../support/temp-home.js'

interface Failure {
  readonly source: string
  readonly code: string
  readonly message: string
}

describe('input that can not be taken', function () {
  this.timeout(240_000)
  let home: TempHome
  let before: CorpusSnapshot
  beforeEach(async () => {
    home = new TempHome('bad')
    home.write('good/apples.md', '# Apples\n\nApples and pears and apples.\n')
    home.write('good/plums.md', '# Plums\n\nPlums and pears and plums.\n')
    await home.ok('ingest', '--dir', 'good')
    before = snapshotCorpus(home.data, 'default')
  })
  afterEach(async () => {
    expect(inspectStore(home.data).faults).to.deep.equal([])
    expect(await home.found('apples', '--mode', 'keyword'), 'the store stays usable').to.include('apples.md')
    home.remove()
  })

  /** Runs a command that must fail as a whole, say what and why in a line or two, and change nothing. */
  async function refused(
    argv: readonly string[],
    {code, says, ...run}: {readonly code: number; readonly says: RegExp} & RagRun,
  ): Promise<void> {
    const ran = await home.run(argv, run)
    const shown = argv.map((word) => word.slice(0, 60)).join(' ')
    expect(ran.code, `${shown}\n${ran.stderr}${ran.stdout.slice(0, 500)}`).to.equal(code)
    expect(ran.stderr, shown).to.match(says)
    expect(ran.stderr, shown).not.to.match(/\n\s+at /)
    expect(ran.stderr.length, `${shown}: the message`).to.be.lessThan(1500)
    expect(snapshotCorpus(home.data, 'default'), shown).to.deep.equal(before)
  }

  /** Ingests a folder of which some files can't be taken: they are named, the rest is taken, exit 3. */
  async function partly(
    argv: readonly string[],
    run: RagRun = {},
  ): Promise<{failed: readonly Failure[]; faults: readonly {source: string; line: number}[]}> {
    const ran = await home.run([...argv, '--json'], run)
    expect(ran.code, ran.stderr + ran.stdout).to.equal(3)
    const {failed, faults = []} = JSON.parse(ran.stdout) as {
      failed: Failure[]
      faults?: {source: string; line: number}[]
    }
    for (const {source, message} of failed) {
      expect(message.length, message.slice(0, 300)).to.be.lessThan(500)
      expect(ran.stderr).to.contain(source)
    }
    return {failed, faults}
  }

  it('wrong words on the command line: exit 2, nothing is changed', async () => {
    const cases: [string[], RegExp][] = [
      [['search', ''], /query is empty/i],
      [['search', '   '], /query is empty/i],
      [['search', 'x', '--top-k', '0'], /--top-k/],
      [['search', 'x', '--top-k', '1001'], /--top-k/],
      [['search', 'x', '--top-k', '1e3'], /--top-k/],
      [['search', 'x', '--weight', '2'], /--weight/],
      [['search', 'x', '--context', '-1'], /--context/],
      [['search', 'x', '--mode', 'fuzzy'], /--mode/],
      [['search', 'x', '--filter', 'year'], /filter/i],
      [['search', 'x', '--bogus'], /--bogus/],
      [['search', 'x', '--corpus', 'Bad Name'], /"Bad Name"/],
      [['search', 'x', '--corpus', '../../etc'], /corpus name/],
      [['search', 'x', '--corpus', 'a/b/c'], /corpus name/],
      [['search', 'x', '--corpus', 'a'.repeat(100_000)], /corpus name/],
      [['ingest'], /nothing to ingest|names? /i],
      [['ingest', '--dir', 'good', '--chunk-size', '20', '--chunk-overlap', '20'], /--chunk-overlap/],
      [['ingest', '--dir', 'good', '--chunk-size', '0'], /--chunk-size/],
      [['ingest', '--dir', 'good', '--chunk-size', '100000'], /--chunk-size/],
      [['ingest', '--dir', 'good', '--types', 'exe'], /"exe"/],
      [['ingest', '--dir', 'good', '--max-file-size', 'big'], /--max-file-size/],
      [['ingest', '-'], /--doc-id|no name/],
      [['docs', 'upsert', '--doc-id', '', '--text', 'x'], /document id is empty/],
      [['docs', 'upsert', '--doc-id', 'x', '--text', 'x', '--metadata', '[1]'], /metadata/i],
      [['docs', 'upsert', '--doc-id', 'x', '--text', 'x', '--metadata', '{'], /metadata/i],
    ]
    for (const [argv, says] of cases) await refused(argv, {code: 2, says})
  })

  it('what is not there: exit 4', async () => {
    await refused(['ingest', '--dir', 'nosuch'], {code: 4, says: /No such folder: nosuch/})
    await refused(['ingest', 'nosuch.md'], {code: 4, says: /No such file: nosuch.md/})
    await refused(['ingest', '--jsonl', 'nosuch.jsonl'], {code: 4, says: /No such file: nosuch.jsonl/})
    await refused(['search', 'x', '--corpus', 'nosuch'], {code: 4, says: /no corpus "nosuch"[^]*default/})
    await refused(['docs', 'show', 'nosuch'], {code: 4, says: /no document "nosuch"/})
    await refused(['ingest', '--dir', 'good/apples.md'], {code: 4, says: /apples\.md/})
  })

  it('a model that is not known, or not the corpus’s own: exit 8', async () => {
    await refused(['ingest', '--dir', 'good', '--model', 'gpt:4'], {code: 8, says: /"gpt:4"/})
    await refused(['ingest', '--dir', 'good', '--model', 'gpt'], {code: 8, says: /by lsa, not by gpt/})
    await refused(['ingest', '--dir', 'good', '--model', 'external:x'], {code: 8, says: /lsa/})
  })

  it('an empty folder is no failure, and says so', async () => {
    mkdirSync(home.path('empty'))
    const report = await home.json('ingest', '--dir', 'empty')
    expect(report.documents).to.deep.equal({added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0})
    expect(snapshotCorpus(home.data, 'default')).to.deep.equal(before)
  })

  it('files that are no text, broken or too large are named with the reason', async () => {
    home.write('mix/empty.md', '')
    home.write('mix/nul.txt', Buffer.from('abc\0\0\0def\0\0'.repeat(50)))
    home.write('mix/broken.json', '{"title": "x",\n  "text": "oop')
    home.write('mix/lax.json', '{"title": "lax",\n  "text": oops\n}')
    home.write('mix/large.txt', 'word '.repeat(10_000))
    home.write('mix/png.txt', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(400, 7)]))
    home.write('mix/fine.md', '# Fine\n\nThis is fine and good.\n')
    symlinkSync('/nowhere/at/all', home.path('mix/dangling.md'))
    symlinkSync('/etc/hostname', home.path('mix/outside.md'))
    const {failed, faults} = await partly(['ingest', '--dir', 'mix', '--max-file-size', '20KB'])
    const of = (name: string): Failure | undefined => failed.find((it) => it.source.endsWith(name))
    expect(of('nul.txt')?.code).to.equal('NOT_TEXT')
    expect(of('png.txt')?.code).to.equal('NOT_TEXT')
    expect(of('broken.json')?.code).to.equal('BAD_INPUT')
    expect(of('broken.json')?.message).to.match(/line 2/)
    expect(faults.filter(({source}) => source.endsWith('lax.json')).map(({line}) => line)).to.deep.equal([2])
    expect(await home.found('oops', '--mode', 'keyword')).to.include('lax.json')
    expect(of('large.txt')?.code).to.equal('TOO_LARGE')
    expect(of('dangling.md')?.code).to.equal('INPUT_UNREADABLE')
    expect(of('outside.md')?.code).to.equal('INPUT_UNREADABLE')
    expect(await home.found('fine good', '--mode', 'keyword')).to.include('fine.md')
  })

  it('bytes that are no UTF-8 are read in another encoding or named, never taken as rubbish', async () => {
    home.write(
      'enc/latin.txt',
      Buffer.from(
        'Die Gr\xf6\xdfe der \xc4pfel ist erheblich, und die Birnen sind s\xfc\xdf.\n'.repeat(5),
        'latin1',
      ),
    )
    home.write('enc/utf16.txt', Buffer.from('\ufeffApples in sixteen bits are apples still.\n', 'utf16le'))
    const ran = await home.run(['ingest', '--dir', 'enc', '--json'])
    expect(ran.code, ran.stderr).to.be.oneOf([0, 3])
    expect(await home.found('sixteen', '--mode', 'keyword')).to.deep.equal(['utf16.txt'])
    if (ran.code === 0) expect(await home.found('Größe', '--mode', 'keyword')).to.deep.equal(['latin.txt'])
    const {hits} = await home.json<{hits: {text: string}[]}>('search', 'bits')
    for (const {text} of hits) expect(text).not.to.contain('\ufffd')
  })

  it('a loop of links ends', async () => {
    home.write('loop/a.md', '# A\n\nApples in a loop.\n')
    symlinkSync(home.path('loop'), home.path('loop/again'))
    symlinkSync('.', home.path('loop/self'))
    const ran = await home.run(['ingest', '--dir', 'loop', '--json'], {timeoutMs: 10_000})
    expect(ran.code, ran.stderr).to.be.oneOf([0, 3])
    expect((JSON.parse(ran.stdout) as {documents: {added: number}}).documents.added).to.equal(1)
  })

  it('a file that this user may not read is named, the rest is taken', async function () {
    home.write('secret/closed.md', '# Closed\n\nNot for everyone.\n')
    home.write('secret/open.md', '# Open\n\nFor everyone, apples.\n')
    const {chmodSync, chownSync} = await import('node:fs')
    chmodSync(home.path('secret/closed.md'), 0)
    const isRoot = process.getuid?.() === 0
    if (isRoot) {
      for (const path of [home.folder, home.path('secret')]) chmodSync(path, 0o755)
      mkdirSync(home.path('theirs'))
      chownSync(home.path('theirs'), 65_534, 65_534)
    }
    const run: RagRun = isRoot
      ? {
          under: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'],
          dataDir: home.path('theirs/data'),
        }
      : {}
    const {failed} = await partly(['ingest', '--dir', 'secret'], run)
    expect(failed.map((it) => [it.source, it.code])).to.deep.equal([
      [home.path('secret/closed.md'), 'INPUT_UNREADABLE'],
    ])
  })

  it('one line of 200 MB is refused by its size, and memory stays bounded', async () => {
    const line = Buffer.alloc(200 * 1024 * 1024, 'word ')
    writeFileSync(home.path('good/huge.txt'), line)
    home.write('other.md', 'x')
    const under = ['prlimit', '--data=1500000000']
    const {failed} = await partly(['ingest', '--dir', 'good'], {under})
    expect(failed.map((it) => it.code)).to.deep.equal(['TOO_LARGE'])
    writeFileSync(home.path('huge.jsonl'), line)
    const jsonl = await partly(['ingest', '--jsonl', 'huge.jsonl'], {under})
    expect(jsonl.failed.map((it) => [it.source, it.code])).to.deep.equal([['huge.jsonl:1', 'TOO_LARGE']])
    const stdin = await home.run(['ingest', '-', '--doc-id', 'huge.txt'], {under, stdin: line})
    expect(stdin.code, stdin.stderr).to.equal(1)
    expect(stdin.stderr).to.match(/standard input/i)
  })

  it('queries of any shape are answered, or found empty, but never an error', async () => {
    const queries = [
      '"',
      '""',
      '"apples',
      'AND OR NOT',
      'NEAR(',
      'NEAR(apples pears, 2)',
      '*',
      'app*',
      '(',
      ')',
      'title:apples',
      'body:',
      '^apples',
      '-apples',
      "'; DROP TABLE chunks; --",
      '\\',
      '%',
      '{}',
      '+',
      'the and of',
      '....',
      '\u0000apples',
      '🍏🍏🍏',
      'ａｐｐｌｅｓ',
      '\ud800',
      'a'.repeat(5000),
    ]
    home.write('q.jsonl', queries.map((text, i) => `${JSON.stringify({_id: String(i), text})}\n`).join(''))
    for (const mode of ['keyword', 'hybrid', 'vector']) {
      const ran = await home.run(['search', '--queries', 'q.jsonl', '--format', 'jsonl', '--mode', mode])
      expect(ran.code, ran.stderr).to.equal(0)
      const lines = ran.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as {query_id: string; hits: {doc_id: string}[]})
      expect(
        lines.map((it) => it.query_id),
        mode,
      ).to.deep.equal(queries.map((_, i) => String(i)))
      if (mode === 'keyword') {
        const of = (query: string): string[] => lines[queries.indexOf(query)]!.hits.map((hit) => hit.doc_id)
        for (const query of ['"apples', 'title:apples', '^apples', '-apples', 'NEAR(apples pears, 2)'])
          expect(of(query), query).to.include('apples.md')
        for (const query of ['"', '*', '(', '....', 'the and of']) expect(of(query), query).to.deep.equal([])
      }
    }
  })

  it('a query of a megabyte is answered within seconds', async () => {
    const words = Array.from({length: 150_000}, (_, i) => `w${i.toString(36)}`).join(' ')
    for (const query of [
      `apples ${words}`,
      `apples ${'apples '.repeat(150_000)}`,
      `apples ${'x'.repeat(1_000_000)}`,
    ]) {
      const ran = await home.run(['search', '-', '--json'], {stdin: query, timeoutMs: 20_000})
      expect([ran.code, ran.signal], ran.stderr.slice(0, 500) + ran.stdout.slice(0, 300)).to.deep.equal([
        0,
        undefined,
      ])
      expect(ran.tookMs).to.be.lessThan(15_000)
      expect(ran.stdout).to.contain('apples.md')
    }
  })

  it('a folder that can not be made is named, at once and before anything is done', async function () {
    if (!existsSync('/proc/self')) {
      console.log('      skipped: there is no /proc here')
      return this.skip()
    }
    // Below /proc, Node's own recursive mkdir never returns.
    const nowhere = '/proc/nope/x'
    symlinkSync('/nowhere/at/all', home.path('dangling'))
    writeBatchFile(home.path('b.msgpack'), sketchRecords(0, 3, 4), {model: 'm'})
    for (const folder of [nowhere, home.path('dangling')])
      for (const argv of [
        ['replay', '--glob', 'b.msgpack', '--corpus', 'b', '--archive', folder],
        ['watch', '--once', '--glob', 'b.msgpack', '--settle', '0', '--corpus', 'b', '--archive', folder],
        ['export', '--out', folder],
        ['backup', folder],
        ['ingest', '--dir', 'good', '--corpus', 'b', '--msgpack-out', folder],
        ['ingest', '--dir', 'good', '--data-dir', folder],
      ]) {
        await refused(argv, {
          code: 1,
          says: new RegExp(`${folder}.*(ENOENT|link to what is not there)`),
          timeoutMs: 20_000,
        })
        expect((await home.json<{corpora: unknown[]}>('corpus', 'list')).corpora, argv[0]).to.have.length(1)
      }
    const env = {RAG_CACHE: 'on', RAG_CACHE_DIR: nowhere, RAG_MODEL_DIR: nowhere}
    const found = await home.run(['search', 'apples'], {env, timeoutMs: 20_000})
    expect([found.code, found.signal], found.stderr).to.deep.equal([0, undefined])
  })
})
