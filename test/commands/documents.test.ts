import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import DocsDelete from '../../src/commands/docs/delete.js'
import DocsList from '../../src/commands/docs/list.js'
import DocsShow from '../../src/commands/docs/show.js'
import DocsUpsert from '../../src/commands/docs/upsert.js'
import type {DeleteReport, StoredChunk, UpsertRequest} from '../../src/lib/index.js'
import {runCommand} from './run-command.js'
import {documentRecord} from './samples.js'

describe('rag docs', () => {
  describe('list', () => {
    const rag = {listDocuments: () => Promise.resolve({documents: [documentRecord()], total: 5})}

    it('aligns columns, and says on stderr that there are more', async () => {
      const ran = await runCommand(DocsList, ['--limit', '1'], {rag})
      expect(ran.stdout).to.equal(
        'DOCUMENT         TITLE  CHUNKS  UPDATED\nguides/leave.md  Leave       2  2026-02-02T03:04:05Z\n',
      )
      expect(ran.stderr).to.equal('1 of 5 documents.\n')
    })

    it('shows what is whole, names the rows that are not, also with --quiet, and exits with 5', async () => {
      const damaged = {...rag, takeDamage: () => Promise.resolve(['documents 4'])}
      for (const flag of ['--quiet', '--json']) {
        const ran = await runCommand(DocsList, [flag], {rag: damaged})
        expect(ran.exit).to.equal(5)
        expect(ran.stdout).to.include('guides/leave.md')
        expect(ran.stderr).to.match(
          /^rag: warning: Damaged rows of the store were left out: documents 4\. .*rag verify --repair/,
        )
      }
    })

    it('prints the documented JSON', async () => {
      const ran = await runCommand(DocsList, ['--json'], {rag})
      const json = JSON.parse(ran.stdout) as {documents: object[]; total: number}
      expect(json.total).to.equal(5)
      expect(json.documents[0]).to.include({
        doc_id: 'guides/leave.md',
        title: 'Leave',
        source: '/home/kb/guides/leave.md',
        chunks: 2,
        doc_hash: 'abc123',
        updated_at: '2026-02-02T03:04:05.000Z',
      })
    })
  })

  it('show: prints a document, with its chunks when asked', async () => {
    const chunk = storedChunk()
    const rag = {
      showDocument: () => Promise.resolve({document: documentRecord(), chunks: [chunk], embedded: 1}),
    }
    expect((await runCommand(DocsShow, ['guides/leave.md'], {rag})).stdout).not.to.contain('Thirty')
    const text = (await runCommand(DocsShow, ['guides/leave.md', '--chunks'], {rag})).stdout
    expect(text).to.contain('guides/leave.md#c0001  Leave  (lines 1–2, 5 tokens)\nThirty days.\nOf leave.\n')
    const json = (await runCommand(DocsShow, ['guides/leave.md', '--chunks', '--json'], {rag})).stdout
    expect(JSON.parse(json)).to.have.nested.property('chunk_list[0].chunk_id', 'guides/leave.md#c0001')
  })

  it('show --text prints the text and nothing else: chunks without their overlaps', async () => {
    const chunks = [
      {text: '# Leave\n\nThirty days. ', overlap: 0},
      {text: 'days. Of leave.\n', overlap: 6},
    ].map((part, i) => ({...storedChunk(), ...part, ordinal: i + 1}))
    const rag = {showDocument: () => Promise.resolve({document: documentRecord(), chunks, embedded: 2})}
    const whole = '# Leave\n\nThirty days. Of leave.\n'
    const ran = await runCommand(DocsShow, ['guides/leave.md', '--text'], {rag})
    expect(ran).to.include({stdout: whole, stderr: ''})
    const json = (await runCommand(DocsShow, ['guides/leave.md', '--text', '--json'], {rag})).stdout
    expect(JSON.parse(json)).to.include({doc_id: 'guides/leave.md', text: whole})
    expect((await runCommand(DocsShow, ['guides/leave.md', '--text', '--chunks'], {rag})).exit).to.equal(2)
  })

  describe('upsert', () => {
    const asked: UpsertRequest[] = []
    const rag = {
      upsertDocument: (request: UpsertRequest) => {
        asked.push(request)
        const {docId} = request
        return Promise.resolve({
          accepted: true,
          docId,
          upsertedDocs: 1,
          skippedDocs: 0,
          chunksCreated: 2,
          corpusVersion: 3,
        })
      },
    }
    beforeEach(() => asked.splice(0))

    it('takes text from a flag, a file or standard input', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'rag-upsert-'))
      try {
        const file = path.join(folder, 'a.txt')
        writeFileSync(file, '\uFEFFfrom file')
        await runCommand(
          DocsUpsert,
          ['--doc-id', 'a', '--text', 'from flag', '--title', 'T', '--metadata', '{"year":1}'],
          {rag},
        )
        await runCommand(DocsUpsert, ['--doc-id', 'a', '--file', file], {rag})
        await runCommand(DocsUpsert, ['-', '--doc-id', 'a'], {rag, stdin: 'from stdin'})
      } finally {
        rmSync(folder, {recursive: true})
      }
      expect(asked).to.deep.equal([
        {corpus: 'default', docId: 'a', text: 'from flag', title: 'T', metadata: {year: 1}},
        {corpus: 'default', docId: 'a', text: 'from file'},
        {corpus: 'default', docId: 'a', text: 'from stdin'},
      ])
    })

    it('prints the documented JSON', async () => {
      const ran = await runCommand(DocsUpsert, ['--doc-id', 'a', '--text', 'x', '--json'], {rag})
      expect(JSON.parse(ran.stdout)).to.deep.include({
        accepted: true,
        upserted_docs: 1,
        skipped_docs: 0,
        chunks_created: 2,
        job_id: null,
      })
    })

    it('refuses what it cannot take', async () => {
      const exit = async (argv: string[], stdin?: Uint8Array): Promise<number> =>
        (await runCommand(DocsUpsert, ['--doc-id', 'a', ...argv], {rag, ...(stdin ? {stdin} : {})})).exit
      expect(await exit([])).to.equal(2)
      expect(await exit(['--text', 'x', '--file', 'y'])).to.equal(2)
      expect(await exit(['-', '--file', 'y'])).to.equal(2)
      expect(await exit(['--text', 'x', '--metadata', '[1]'])).to.equal(2)
      expect(await exit(['--file', '/no/such/file'])).to.equal(4)
      expect(await exit(['-'], Uint8Array.of(0x61, 0xff, 0xfe))).to.equal(1)
      expect(asked).to.have.length(0)
    })
  })

  describe('delete', () => {
    const deleting = (known: readonly string[], more: Partial<DeleteReport> = {}) => ({
      deleteDocuments: (_corpus: string, ids: readonly string[]) =>
        Promise.resolve({
          deleted: ids.filter((id) => known.includes(id)),
          missing: ids.filter((id) => !known.includes(id)),
          chunksDeleted: 3,
          corpusVersion: 5,
          ...more,
        }),
    })

    it('prints the documented JSON', async () => {
      const ran = await runCommand(DocsDelete, ['a', '--json'], {rag: deleting(['a'])})
      expect(JSON.parse(ran.stdout)).to.deep.include({
        deleted: true,
        doc_id: 'a',
        chunks_deleted: 3,
        job_id: null,
      })
    })

    it('exits with 4 for an unknown id, and with 3 when only some are unknown', async () => {
      const none = await runCommand(DocsDelete, ['x', '--json'], {rag: deleting(['a'])})
      expect(none.exit).to.equal(4)
      expect(JSON.parse(none.stdout)).to.have.nested.property('error.code', 'DOCUMENT_MISSING')
      const some = await runCommand(DocsDelete, ['a', 'x'], {rag: deleting(['a'])})
      expect(some.exit).to.equal(3)
      expect(some.stderr).to.contain('"x"')
    })

    it('shows the proof of a hard delete', async () => {
      const hard = {
        rowsRemoved: 4,
        vectorsRemoved: 3,
        segmentsRewritten: 1,
        cacheEntriesRemoved: 0,
        resumed: false,
        finished: true,
        proof: [{place: 'rag.db', absent: true}],
      }
      const ran = await runCommand(DocsDelete, ['a', '--hard'], {rag: deleting(['a'], {hard})})
      expect(ran.stdout).to.contain('absent from  rag.db').and.not.to.contain('rollback')
      const more = {hard: {...hard, keptVersionDropped: 2}}
      const dropped = await runCommand(DocsDelete, ['a', '--hard'], {rag: deleting(['a'], more)})
      expect(dropped.stdout).to.contain('Embedding version 2, kept for rag rebuild --rollback, is gone too')
      const again = await runCommand(DocsDelete, ['a', '--hard'], {
        rag: deleting(['a'], {hard: {...hard, resumed: true}}),
      })
      expect(again.stdout).to.contain('goes on with a hard delete that was cut off')
    })
  })
})

function storedChunk(): StoredChunk {
  return {
    id: 1,
    documentId: 1,
    docId: 'guides/leave.md',
    ordinal: 1,
    title: 'Leave',
    language: 'en',
    text: 'Thirty days.\nOf leave.',
    heading: ['Leave'],
    startLine: 1,
    endLine: 2,
    tokens: 5,
    overlap: 0,
    contentHash: 'c0',
    metadata: {},
  }
}
