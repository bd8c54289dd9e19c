import {encode} from '@msgpack/msgpack'
import {expect} from 'chai'
import {decodeRecord} from '../../../src/lib/codec/decode-record.js'
import {encodeRecord} from '../../../src/lib/codec/write-batch.js'
import {documentRecords} from '../../../src/lib/export/export-records.js'
import type {BatchRecord, ExportedChunk} from '../../../src/lib/model/batch-record.js'
import type {Place} from '../../../src/lib/model/block.js'
import {keptPlace, placeOf} from '../../../src/lib/model/place.js'
import type {ReadyDocument} from '../../../src/lib/model/ready-document.js'
import type {SnapshotDocument} from '../../../src/lib/ports/store/corpus-snapshot.js'
import {ExportedDocuments} from '../../../src/lib/replay/exported-document.js'
import {prepareReadyDocument} from '../../../src/lib/documents/index.js'
import {createAnalyser, createChunker} from '../../../src/lib/text/index.js'
import {itemsOf, recordsOf} from '../../support/batch-bytes.js'

const PLACES: readonly (Place | undefined)[] = [
  {kind: 'lines', first: 3, last: 9},
  {kind: 'pages', first: 1, last: 2},
  {kind: 'paragraphs', first: 4, last: 5, part: 'one.xhtml'},
  {kind: 'rows', sheet: 'Prices', first: 2, last: 8},
  {kind: 'slide', slide: 3, inNotes: true},
  undefined,
]

const document: SnapshotDocument = {
  docId: 'a.pdf',
  docHash: 'h',
  title: 'A',
  language: 'en',
  metadata: {},
  source: {source: '/a.pdf'},
  updatedAtMs: 1,
  chunks: PLACES.map((place, i) => ({
    ordinal: i + 1,
    text: `part ${i}`,
    heading: [],
    ...keptPlace(place),
    tokens: 2,
    overlap: 0,
    kind: 'none',
  })),
}

async function decoded(bytes: Uint8Array): Promise<BatchRecord> {
  const [item] = recordsOf(await itemsOf(Buffer.concat([Uint8Array.of(0x91), bytes])))
  return decodeRecord(item!.fields)
}

describe('places in an export', () => {
  it('are those of the chunks that a replay stores', async () => {
    const documents = new ExportedDocuments()
    let whole: ReadyDocument | undefined
    for (const record of documentRecords(document, false)) {
      const read = await decoded(encodeRecord(record))
      whole = documents.take(read as BatchRecord & {readonly chunk: ExportedChunk})
    }
    const tools = {
      chunker: createChunker({size: 64, overlap: 0}),
      analyser: createAnalyser(),
      digest: {sha256: () => 'aa', key: () => 'bb'},
    }
    const put = await prepareReadyDocument(tools, whole!)
    expect(put.chunks.map(placeOf)).to.deep.equal(PLACES)
  })

  it('are refused when they are none', async () => {
    const [record] = documentRecords(document, false)
    const {docId, ordinal, ...chunk} = record!.chunk!
    const rag = {doc_id: docId, n: ordinal, ...chunk, document: undefined, place: {kind: 'pages', first: 'x'}}
    const error = await decoded(encode({text: 'x', rag})).then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    expect(error?.message).to.match(/"rag" member is not what an export writes/)
  })
})
