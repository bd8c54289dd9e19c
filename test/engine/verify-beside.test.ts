import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {openRag} from '../../src/lib/index.js'

describe('Rag.verify of a store that somebody else has written since', function () {
  this.timeout(60_000)
  let data: string
  beforeEach(() => (data = mkdtempSync(path.join(tmpdir(), 'rag-beside-'))))
  afterEach(() => rmSync(data, {recursive: true, force: true}))

  it('takes no index of words for damaged because it was merged meanwhile', async () => {
    const settings = {dataDir: data, maxWorkers: 1, cache: {off: true}} as const
    const [reader, writer] = [await openRag(settings), await openRag(settings)]
    try {
      for (let round = 0; round < 8; round++) {
        for (let i = 0; i < 12; i++)
          await writer.upsertDocument({
            corpus: 'c',
            docId: `d${i}`,
            text: `Round ${round} of text ${i}: walrus.`,
          })
        const {findings} = await reader.verify({repair: round % 2 === 1})
        expect(findings, `round ${round}`).to.deep.equal([])
        await reader.search('c', {query: 'walrus', mode: 'keyword'})
      }
    } finally {
      await reader.close()
      await writer.close()
    }
  })
})
