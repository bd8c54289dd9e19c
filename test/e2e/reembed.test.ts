import {setTimeout as sleep} from 'node:timers/promises'
import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {
  EmbeddingServer,
  letters,
  textsIn,
  type Asked,
  writeLetterDocuments,
} from '../support/embedding-server.js'
import {inspectStore, withDatabase} from '../support/corpus-snapshot.js'
import {TempHome} from '../support/temp-home.js'

interface RebuildJson {
  readonly vectors: number
  readonly pending: number
  readonly embedded: number
  readonly embedding_version: {readonly before: number; readonly after: number}
}

/** Many calls of the service, so that it can be killed between two of its commits. */
const DOCUMENTS = 2000

describe('rag rebuild --reembed beside other commands', function () {
  this.timeout(120_000)
  let home: TempHome
  let server: EmbeddingServer
  beforeEach(async () => {
    home = new TempHome('reembed')
    server = await EmbeddingServer.start()
    writeLetterDocuments(home, DOCUMENTS)
  })
  afterEach(async () => {
    await server.stop()
    home.remove()
  })

  const run = (
    argv: readonly string[],
    onStart?: (child: ChildProcess) => void,
  ): ReturnType<TempHome['run']> =>
    home.run(argv, {
      env: {EMBED_ENDPOINT: `${server.url}/model/embed`},
      ...(onStart ? {onStart} : {}),
    })
  const well = async (...argv: string[]): Promise<string> => {
    const ran = await run(argv)
    expect(ran.code, `rag ${argv.join(' ')}\n${ran.stdout}${ran.stderr}`).to.equal(0)
    return ran.stdout
  }
  const isPassage = (asked: Asked): boolean => textsIn(asked).some((text) => text.includes('number'))
  /** From now on passages are slow. Resolves when so many calls for passages have come. */
  const slowDown = (calls: number): Promise<void> =>
    new Promise((resolve) => {
      server.answer = async (asked) => {
        if (isPassage(asked) && --calls === 0) resolve()
        if (isPassage(asked)) await sleep(800)
        return {embeddings: textsIn(asked).map(letters)}
      }
    })

  /** Vectors that are stored of the new version. */
  const made = (): number =>
    withDatabase(
      home.data,
      (db) =>
        db
          .prepare(
            "SELECT count(*) FROM vectors v JOIN embedding_versions e ON e.id = v.version_id WHERE e.state = 'building'",
          )
          .pluck()
          .get() as number,
    )

  it('lets them write without a wait, has all of it in the end, and after kill -9 goes on', async () => {
    await well('ingest', '--dir', 'kb', '--model', 'lsa', '--quiet')
    const reembed = ['rebuild', '--reembed', '--model', 'endpoint', '--json', '--quiet']
    const begun = slowDown(3)
    let rebuild: ChildProcess | undefined
    const killed = run(reembed, (child) => (rebuild = child))
    await begun
    home.write('kb/late.md', '# Late\n\nquartz number 777 came while the vectors were made anew')
    await well('ingest', '--dir', 'kb', '--quiet')
    await well('docs', 'delete', 'd7.md', '--quiet')
    const {stdout} = await run(['status'])
    expect(stdout).to.contain('is being made by process')
    const other = await run(reembed)
    expect([other.code, other.stdout]).to.deep.equal([6, other.stdout])
    expect(JSON.parse(other.stdout)).to.have.nested.property('error.code', 'LEASE_HELD')
    while (made() === 0) await sleep(20)
    rebuild!.kill('SIGKILL')
    expect((await killed).signal).to.equal('SIGKILL')
    const again = slowDown(2)
    const finishing = run(reembed)
    await again
    home.write('kb/later.md', '# Later\n\nzircon number 888 came in the second run')
    await well('ingest', '--dir', 'kb', '--quiet')
    await well('docs', 'delete', 'd8.md', 'd9.md', '--quiet')
    const ran = await finishing
    expect(ran.code, ran.stderr).to.equal(0)
    const report = JSON.parse(ran.stdout) as RebuildJson
    // d7.md came back with the second ingest, as it is still in the folder.
    expect(report).to.deep.include({vectors: DOCUMENTS, pending: 0, embedding_version: {before: 1, after: 2}})
    expect(report.embedded).to.be.below(DOCUMENTS)
    for (const [query, id] of [
      ['quartz number 777 came while the vectors were made anew', 'late.md'],
      ['zircon number 888 came in the second run', 'later.md'],
    ] as const) {
      const found = JSON.parse(await well('search', query, '--mode', 'vector', '--json', '--top-k', '3')) as {
        hits: {doc_id: string}[]
      }
      expect(found.hits.map((hit) => hit.doc_id)).to.include(id)
    }
    await well('verify', '--sample', '100%')
    expect(inspectStore(home.data).faults).to.deep.equal([])
  })
})
