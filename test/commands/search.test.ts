import {expect} from 'chai'
import Search from '../../src/commands/search.js'
import {RagError, type Hit, type SearchReport, type SearchRequest} from '../../src/lib/index.js'
import {runCommand} from './run-command.js'
import {documentRecord, hit, searchReport} from './samples.js'

/** A library that remembers what it was asked. */
function searching(answer: (request: SearchRequest) => SearchReport = ({query}) => searchReport({query})) {
  const asked: {corpus: string; request: SearchRequest}[] = []
  return {
    asked,
    rag: {
      search: (corpus: string, request: SearchRequest) => {
        asked.push({corpus, request})
        return Promise.resolve(answer(request))
      },
    },
  }
}

describe('rag search', () => {
  it('joins unquoted words and passes each flag on', async () => {
    const {asked, rag} = searching()
    const argv =
      'how do I -k 3 --mode vector --weight 0.5 --fusion rrf --unit document --context 1 --min-score=-0.5 -c acme/docs'
    const ran = await runCommand(
      Search,
      [...argv.split(' '), '--filter', 'year>=2023', '--filter', 'team!=ops'],
      {rag},
    )
    expect(ran.exit, ran.stderr).to.equal(0)
    expect(asked).to.deep.equal([
      {
        corpus: 'acme/docs',
        request: {
          query: 'how do I',
          mode: 'vector',
          topK: 3,
          filters: [
            {field: 'year', op: '>=', value: '2023'},
            {field: 'team', op: '!=', value: 'ops'},
          ],
          minScore: -0.5,
          weight: 0.5,
          fusion: 'rrf',
          unit: 'document',
          context: 1,
        },
      },
    ])
    expect(ran.closed).to.equal(1)
  })

  it('marks matched words with ** on a pipe', async () => {
    const ran = await runCommand(Search, ['sick', 'leave'], searching())
    expect(ran.stdout).to.equal(
      '1. 1.000  doc1.md › Leave › Sick leave  (lines 10–12)\n' +
        '   thirty days of **sick** **leave**\n\n' +
        '2. 0.500  doc2.md › Leave › Sick leave  (lines 10–12)\n' +
        '   thirty days of **sick** **leave**\n',
    )
    expect(ran.stderr).to.equal('')
  })

  it('marks matched words in bold on a terminal, folded to its width', async () => {
    const ran = await runCommand(Search, ['sick'], {...searching(), tty: true, columns: 40})
    expect(ran.stdout).to.contain('\u001b[1msick\u001b[22m')
    const plain = ran.stdout.replaceAll(/\u001b\[\d+m/g, '').split('\n')
    expect(
      Math.max(...plain.filter((line) => line.startsWith('   ')).map((line) => line.length)),
    ).to.be.at.most(40)
  })

  it('lets no control character of a document reach the terminal', async () => {
    const evil = hit(1, {docId: 'a\u001b]0;x\u0007.md', snippet: {text: 'x\u001b[2Jy', marks: []}})
    const ran = await runCommand(
      Search,
      ['x'],
      searching(() => searchReport({hits: [evil]})),
    )
    expect(ran.stdout).not.to.match(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('prints the documented JSON', async () => {
    const {rag} = searching()
    const json = JSON.parse((await runCommand(Search, ['sick', '--json'], {rag})).stdout) as Record<
      string,
      unknown
    >
    expect(json).to.include.keys(
      'query corpus mode hits total_found took_ms corpus_version degraded cache'.split(' '),
    )
    expect(json).not.to.have.property('explain')
    expect(json['cache']).to.deep.equal({
      answer_hit: false,
      retrieval_hit: false,
      embed_hits: 0,
      embed_misses: 0,
    })
    const [first] = json['hits'] as Record<string, unknown>[]
    expect(first).to.include.keys('rank score doc_id chunk_id text heading lines metadata scores'.split(' '))
    const same = await runCommand(Search, ['sick', '--format', 'json'], {rag})
    expect(JSON.parse(same.stdout)).to.deep.equal(json)
  })

  it('explains when asked', async () => {
    const {rag} = searching()
    const text = (await runCommand(Search, ['sick', '--explain'], {rag})).stdout
    expect(text)
      .to.contain('terms sick leav')
      .and.to.contain('keyword 0.5000 (rank 1) · vector 0.2500 (not proposed)')
    const json = (await runCommand(Search, ['sick', '--explain', '--json'], {rag})).stdout
    expect(JSON.parse(json)).to.have.nested.property('explain.terms')
  })

  it('writes one hit a line as JSONL, and CSV that quotes what must be quoted', async () => {
    const {rag} = searching(() => searchReport({hits: [hit(1, {text: 'a "b",\nc'}), hit(2)]}))
    const lines = (await runCommand(Search, ['x', '--format', 'jsonl'], {rag})).stdout.trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as {rank: number}).rank)).to.deep.equal([1, 2])
    const csv = (await runCommand(Search, ['x', '--format', 'csv'], {rag})).stdout
    expect(csv).to.contain('rank,score,doc_id,chunk_id,title,heading,first_line,last_line,text,place\n')
    expect(csv).to.contain(',10,12,"a ""b"",\nc",lines 10–12\n')
  })

  it('lists each document once, by its path when it is a file', async () => {
    const {rag} = searching(() =>
      searchReport({hits: [hit(1), hit(2, {docId: 'doc1.md'}), hit(3, {docId: 'note'})]}),
    )
    const showDocument = (_corpus: string, docId: string) =>
      Promise.resolve({
        document: documentRecord({docId, source: {source: docId === 'note' ? 'stdin' : `/kb/${docId}`}}),
        chunks: [],
        embedded: 0,
      })
    const ran = await runCommand(Search, ['x', '--format', 'files'], {rag: {...rag, showDocument}})
    expect(ran.stdout).to.equal('/kb/doc1.md:10\nnote:10\n')
    const forXargs = await runCommand(Search, ['x', '-0'], {rag: {...rag, showDocument}})
    expect(forXargs.stdout).to.equal('/kb/doc1.md\0note\0')
  })

  it('says where a hit stands that is not counted in lines, or says nothing', async () => {
    const pages = {kind: 'pages', first: 3, last: 4} as const
    const {rag} = searching(() =>
      searchReport({
        hits: [hit(1, {lines: undefined, place: pages}), hit(2, {lines: undefined, place: undefined})],
      }),
    )
    const showDocument = (_corpus: string, docId: string) =>
      Promise.resolve({document: documentRecord({docId, source: {source: 'stdin'}}), chunks: [], embedded: 0})
    const as = async (...more: string[]) =>
      (await runCommand(Search, ['x', ...more], {rag: {...rag, showDocument}})).stdout
    expect(await as())
      .to.contain('doc1.md › Leave › Sick leave  (pages 3–4)\n')
      .and.to.contain('doc2.md › Leave › Sick leave\n')
    expect(await as('--format', 'md'))
      .to.contain('(pages 3–4, score 1.000)')
      .and.to.contain('(score 0.500)')
    expect(await as('--format', 'csv')).to.match(/,,,[^,]*,pages 3–4\n.*,,,[^,]*,\n$/)
    expect(await as('--format', 'files')).to.equal('doc1.md\ndoc2.md\n')
    const {hits} = JSON.parse(await as('--json')) as {hits: {lines: unknown; place: unknown}[]}
    expect(hits.map(({lines, place}) => [lines, place])).to.deep.equal([
      [null, pages],
      [null, null],
    ])
  })

  it('takes no hits for success, and says so on stderr only', async () => {
    const {rag} = searching(() => searchReport({hits: []}))
    const ran = await runCommand(Search, ['x'], {rag})
    expect([ran.exit, ran.stdout, ran.stderr]).to.deep.equal([0, '', 'No hits.\n'])
    expect((await runCommand(Search, ['x', '-q'], {rag})).stderr).to.equal('')
  })

  it('says when it was the filters that let nothing through', async () => {
    const {rag} = searching(() => searchReport({hits: []}))
    const listing = (total: number) => ({listDocuments: () => Promise.resolve({documents: [], total})})
    const argv = ['x', '-f', 'yaer=2024']
    const ran = await runCommand(Search, argv, {rag: {...rag, ...listing(0)}})
    expect([ran.exit, ran.stdout, ran.stderr]).to.deep.equal([
      0,
      '',
      "No hits.\nhint: the filters let nothing through; rag docs show ID lists a document's fields\n",
    ])
    expect((await runCommand(Search, argv, {rag: {...rag, ...listing(3)}})).stderr).to.equal('No hits.\n')
    expect((await runCommand(Search, [...argv, '-q'], {rag})).stderr).to.equal('')
  })

  it('does not repeat a heading that is in the path, or is the title', async () => {
    const shown = async (text: string, more: Partial<Hit> = {}): Promise<string> => {
      const folded = text.replaceAll(/\s+/g, ' ')
      const at = folded.indexOf('leave')
      const snippet = {text: folded, marks: [[at, at + 5]] as const}
      const one = hit(1, {text, heading: ['Leave', 'Sick leave'], title: 'Staff', snippet, ...more})
      const ran = await runCommand(
        Search,
        ['x'],
        searching(() => searchReport({hits: [one]})),
      )
      return ran.stdout.split('\n').slice(1, -1).join('\n')
    }
    expect(await shown('## Sick leave\n\nthirty days')).to.equal('   thirty days')
    expect(await shown('# Staff\n\n##  Sick   leave ##\nthe text')).to.equal('   the text')
    expect(await shown('# Staff\ntake leave now')).to.equal('   take **leave** now')
    expect(await shown('# Other\nleave')).to.equal('   # Other **leave**')
    expect(await shown('## Sick leave today\nx'), 'a longer heading').to.equal('   ## Sick **leave** today x')
    expect(await shown('## Sick leave'), 'nothing else').to.equal('   ## Sick **leave**')
  })

  it('refuses a value that is not on the list in its own words, also as JSON', async () => {
    const ran = await runCommand(Search, ['x', '--mode', 'semantic'])
    const message = '--mode: "semantic" is not one of hybrid, keyword, vector.'
    expect([ran.exit, ran.stderr]).to.deep.equal([2, `rag: error: ${message}\n  See: rag search --help\n`])
    const json = await runCommand(Search, ['x', '--mode=vectr', '--json'])
    expect([json.exit, JSON.parse(json.stdout)]).to.deep.equal([
      2,
      {
        error: {
          code: 'USAGE',
          message: '--mode: "vectr" is not one of hybrid, keyword, vector.',
          hint: 'Did you mean "vector"? See: rag search --help',
        },
      },
    ])
    expect((await runCommand(Search, ['x', '--corpus'])).stderr).to.contain('--corpus needs a value.')
  })

  it('reads the query from standard input', async () => {
    const {asked, rag} = searching()
    const long = 'word '.repeat(200_000)
    await runCommand(Search, ['-'], {rag, stdin: `${long}\n`})
    expect(asked[0]?.request.query).to.equal(long.trim())
  })

  for (const argv of [
    [],
    [''],
    ['  '],
    ['-k', '0', 'x'],
    ['-k', '1001', 'x'],
    ['--weight', '1.5', 'x'],
    ['x', '-f', '=y'],
    ['x', '--context', '21'],
    ['x', '--queries', 'f'],
  ]) {
    it(`refuses ${JSON.stringify(argv)} with exit 2 and opens nothing`, async () => {
      const ran = await runCommand(Search, argv)
      expect([ran.exit, ran.stdout, ran.opened.length]).to.deep.equal([2, '', 0])
      expect(ran.stderr).to.match(/^rag: error: /)
    })
  }

  describe('--queries', () => {
    const file = '{"_id":"q1","text":"one"}\n\nplain words\n{"broken\n{"_id":7,"text":"two"}\n'

    it('answers each in order, names bad lines, and exits with 3', async () => {
      const {rag} = searching()
      const ran = await runCommand(Search, ['--queries', '-', '--format', 'jsonl'], {rag, stdin: file})
      const lines = ran.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as {query_id: string; query: string})
      expect(lines.map(({query_id, query}) => [query_id, query])).to.deep.equal([
        ['q1', 'one'],
        ['3', 'plain words'],
        ['7', 'two'],
      ])
      expect(ran.stderr).to.contain('line 2').and.to.contain('line 4')
      expect(ran.exit).to.equal(3)
    })

    it('prints one JSON document with --json', async () => {
      const {rag} = searching()
      const ran = await runCommand(Search, ['--queries', '-', '--json'], {rag, stdin: file})
      const json = JSON.parse(ran.stdout) as {queries: unknown[]; failed: unknown[]}
      expect([json.queries.length, json.failed.length]).to.deep.equal([3, 2])
    })

    it('skips a query the library refuses, and stops at any other failure', async () => {
      const refusing = searching(({query}) => {
        if (query === 'b') throw new RagError('USAGE', 'no words in it')
        return searchReport({query})
      })
      const ran = await runCommand(Search, ['--queries', '-', '--format', 'csv'], {
        ...refusing,
        stdin: 'a\nb\nc',
      })
      expect(ran.exit).to.equal(3)
      expect(ran.stdout.match(/^query_id/gm)).to.have.length(1)
      const failing = searching(() => {
        throw new RagError('INDEX_DAMAGED', 'segment 1 is damaged')
      })
      expect((await runCommand(Search, ['--queries', '-'], {...failing, stdin: 'a\nb'})).exit).to.equal(5)
    })
  })
})
