import {expect} from 'chai'
import {inputFaults} from '../../../src/lib/ingest/input-faults.js'
import {prepareFile} from '../../../src/lib/ingest/read-file.js'
import {createAnalyser, createChunker} from '../../../src/lib/text/index.js'
import type {LoadedDocument, LoadFault} from '../../../src/lib/model/document.js'
import type {IngestTools} from '../../../src/lib/documents/index.js'

const loaded = (faults: readonly LoadFault[]): LoadedDocument => ({
  title: 'Ferries',
  text: 'The ferry leaves at nine.',
  format: 'text',
  firstLine: 1,
  faults,
  metadata: {},
})

/** What `prepareFile` makes of one file that a loader reads so. */
function prepared(load: () => LoadedDocument | Promise<LoadedDocument>) {
  const loader = {type: 'slow', extensions: ['slow'], load}
  const tools = {
    loaders: {types: [loader], find: () => loader},
    chunker: createChunker({size: 64, overlap: 0}),
    analyser: createAnalyser(),
    digest: {sha256: () => 'aa', key: () => 'bb'},
  } as unknown as IngestTools
  const file = {absolutePath: '/srv/a.slow', relativePath: 'a.slow', sizeBytes: 1, mtimeMs: 0}
  const item = {candidate: {file, docId: 'a.slow', root: '/srv'}, known: undefined}
  const options = {force: false, pipeline: 'p', maxFileBytes: 100}
  return prepareFile(tools, {item: item as never, bytes: new Uint8Array(1), readAtMs: 0}, options)
}

describe('faults of an input', () => {
  it('come with the document of a loader that waits as of one that does not', async () => {
    const fault = {message: 'page 3 holds no text', line: 7}
    for (const load of [() => loaded([fault]), () => Promise.resolve(loaded([fault]))]) {
      const outcome = await prepared(load)
      expect(outcome).to.deep.include({kind: 'put', faults: [{source: '/srv/a.slow', ...fault}]})
    }
  })

  it('leave a rejected promise one failure among the results', async () => {
    const outcome = await prepared(() => Promise.reject(new Error('torn')))
    expect(outcome.kind).to.equal('failed')
  })

  it('are named up to ten, and counted from there on', () => {
    const many = Array.from({length: 12}, (_, i) => ({message: `fault ${i}`, line: i + 1}))
    const named = inputFaults('a.csv', many)
    expect(named).to.have.lengthOf(11)
    expect(named[9]).to.deep.equal({source: 'a.csv', line: 10, message: 'fault 9'})
    expect(named[10]).to.deep.equal({
      source: 'a.csv',
      message: '2 more places of it could not be read as they stand.',
    })
    expect(inputFaults('a.csv', many.slice(0, 11))[10]?.message).to.match(/^One more place/)
    expect(inputFaults('a.csv')).to.deep.equal([])
  })
})
