import {existsSync, readdirSync, readFileSync} from 'node:fs'
import type {ChildProcess} from 'node:child_process'
import path from 'node:path'
import {expect} from 'chai'
import {FakeChatServer, openaiStream} from '../support/fake-chat-server.js'
import {TempHome} from '../support/temp-home.js'

interface ExamplesJson {
  readonly examples: number
  readonly documents: number
  readonly by_kind: Readonly<Record<string, number>>
  readonly dropped: Readonly<Record<string, number>>
  readonly files: readonly {readonly file: string; readonly records: number}[]
}

const REAL = path.resolve('../shared/data/docs/restic-doc')

describe('rag examples build', function () {
  this.timeout(120_000)
  let home: TempHome
  beforeEach(async () => {
    home = new TempHome('examples')
    home.write(
      'kb/leave.md',
      '# Leave\n\n## Sick leave\n\nEvery employee has thirty days of sick leave a year.\n',
    )
    await home.ok('ingest', '--dir', 'kb')
  })
  afterEach(() => home.remove())

  it('writes both files, reports them as documented, and does so again to the byte', async () => {
    const argv = ['examples', 'build', '--out', 'train.jsonl', '--msgpack-out', 'train.msgpack']
    const report = await home.json<ExamplesJson>(...argv)
    expect(Object.keys(report)).to.deep.equal(documentedMembers())
    expect(Object.keys(report.by_kind)).to.deep.equal(
      'question definition section list entry figure sentence model'.split(' '),
    )
    const before =
      readFileSync(home.path('train.jsonl'), 'hex') + readFileSync(home.path('train.msgpack'), 'hex')
    const {stdout, stderr} = await home.ok(...argv)
    expect(stdout)
      .to.match(/^Corpus default at version \d+\n/)
      .and.to.match(/Written .*train\.jsonl.* SHA-256 [0-9a-f]{64}/)
    expect(stderr).to.equal('')
    expect(
      readFileSync(home.path('train.jsonl'), 'hex') + readFileSync(home.path('train.msgpack'), 'hex'),
    ).to.equal(before)
    await home.ok('replay', '--glob', 'train.msgpack', '--corpus', 'train')
    expect(await home.found('sick leave', '--corpus', 'train')).to.have.length(report.examples)
    expect(readdirSync(home.folder).sort()).to.deep.equal(['data', 'kb', 'train.jsonl', 'train.msgpack'])
  })

  it('prints the lines with --out -, and the report beside them', async () => {
    const {stdout, stderr} = await home.ok('examples', 'build', '--out', '-')
    const lines = stdout.trimEnd().split('\n')
    expect(JSON.parse(lines[0]!)).to.include({
      question: 'What does "Leave" say about "Sick leave"?',
      source: 'leave.md',
    })
    expect(stderr).to.match(/Examples +1: 1 section/)
    expect((await home.ok('examples', 'build', '--out', '-', '--quiet')).stderr).to.equal('')
    const dry = await home.json<ExamplesJson>('examples', 'build', '--out', '-', '--dry-run')
    expect(dry.examples).to.equal(1)
  })

  it('says what is wrong with a call, and changes nothing', async () => {
    const ends = async (code: number, says: RegExp, ...argv: string[]): Promise<void> => {
      const ran = await home.run(['examples', 'build', ...argv])
      expect([ran.code, ran.stdout], ran.stderr).to.deep.equal([code, ''])
      expect(ran.stderr).to.match(says)
    }
    home.write('theirs.jsonl', 'hello\n')
    await ends(2, /--out is required/)
    await ends(2, /holds something else than examples[^]*--force/, '--out', 'theirs.jsonl')
    await ends(4, /No such folder to write .*missing\/a\.jsonl into/, '--out', 'missing/a.jsonl')
    await ends(2, /--seed/, '--out', 'a.jsonl', '--seed', '-1')
    await ends(2, /--per-doc/, '--out', 'a.jsonl', '--per-doc', '0')
    await ends(2, /a batch is no text/, '--out', '-', '--msgpack-out', '-')
    await ends(2, /Both files are/, '--out', 'a.jsonl', '--msgpack-out', './a.jsonl')
    await ends(4, /has no documents that pass --filter/, '--out', 'a.jsonl', '--filter', 'doc_id=none')
    await ends(4, /no corpus "other"/, '--out', 'a.jsonl', '--corpus', 'other')
    await ends(2, /is not a chat model/, '--out', 'a.jsonl', '--chat-model', 'x')
    const both = await home.run(['examples', 'build', '--out', '-', '--json'])
    expect([both.code, JSON.parse(both.stdout)]).to.have.nested.property('1.error.code', 'USAGE')
    expect(both.code).to.equal(2)
    expect(readFileSync(home.path('theirs.jsonl'), 'utf8')).to.equal('hello\n')
    expect(existsSync(home.path('a.jsonl'))).to.equal(false)
    await home.ok('examples', 'build', '--out', 'theirs.jsonl', '--force')
    expect(readFileSync(home.path('theirs.jsonl'), 'utf8')).to.contain('thirty days')
  })

  it('lets a configured chat model write them, and ends with 7 and no file when it is down', async () => {
    const server = new FakeChatServer()
    const url = await server.start()
    const env = {OPENAI_BASE_URL: url, RAG_CHAT_MODEL: 'openai:m'}
    try {
      const answer = 'Every employee has thirty days of sick leave a year.'
      const reply = JSON.stringify({
        examples: [{question: 'How many days of sick leave are there?', answer, passage: 1}],
      })
      server.reply = (response) => void response.end(openaiStream([reply.slice(0, 20), reply.slice(20)]))
      const ran = await home.run(['examples', 'build', '--out', 'm.jsonl', '--json'], {env})
      expect(JSON.parse(ran.stdout)).to.deep.include({model: 'openai:m', examples: 1, calls: 1})
      expect(JSON.parse(readFileSync(home.path('m.jsonl'), 'utf8'))).to.include({answer})
      server.reply = (response) => void response.writeHead(503).end('no')
      const down = await home.run(['examples', 'build', '--out', 'n.jsonl'], {env})
      expect([down.code, existsSync(home.path('n.jsonl'))], down.stderr).to.deep.equal([7, false])
      const alone = await home.run(['examples', 'build', '--out', 'n.jsonl', '--extractive'], {env})
      expect(alone.code, alone.stderr).to.equal(0)
    } finally {
      await server.stop()
    }
  })

  it('leaves no file behind when it is interrupted', async () => {
    const server = new FakeChatServer()
    const url = await server.start()
    let child: ChildProcess | undefined
    server.reply = () => void child?.kill('SIGINT')
    try {
      const ran = await home.run(
        ['examples', 'build', '--out', 'x.jsonl', '--msgpack-out', 'x.msgpack', '--chat-model', 'openai:m'],
        {
          env: {OPENAI_BASE_URL: url},
          onStart: (started) => void (child = started),
        },
      )
      expect(ran.code, ran.stderr).to.equal(130)
      expect(readdirSync(home.folder).sort()).to.deep.equal(['data', 'kb'])
    } finally {
      await server.stop()
    }
  })

  it('makes examples of real documents that stand in them word for word', async function () {
    if (!existsSync(REAL)) {
      console.log('      skipped: ../shared/data/docs is not here')
      return this.skip()
    }
    await home.ok('ingest', '--dir', REAL, '--types', 'rst,md,txt', '--corpus', 'restic', '--quiet')
    const report = await home.json<ExamplesJson>(
      'examples',
      'build',
      '--corpus',
      'restic',
      '--out',
      'r.jsonl',
      '--per-doc',
      '20',
    )
    expect(report.examples).to.be.greaterThan(150)
    const lines = readFileSync(home.path('r.jsonl'), 'utf8').trimEnd().split('\n')
    for (const line of lines) {
      const {question, answer, context} = JSON.parse(line) as {
        question: string
        answer: string
        context: {text: string}[]
      }
      expect(context[0]!.text).to.contain(answer)
      expect(question.length).to.be.within(8, 300)
      expect(answer.split(/\s+/).length).to.be.at.least(3)
    }
    expect(lines.map((line) => (JSON.parse(line) as {question: string}).question)).to.include(
      'How do I choose a strong password?',
    )
  })
})

/** The members that docs/json.md shows, in order. */
function documentedMembers(): string[] {
  const section = readFileSync('docs/json.md', 'utf8').split('## `rag examples build`\n')[1]!
  return Object.keys(JSON.parse(/```json\n([^]*?)```/.exec(section)![1]!) as object)
}
