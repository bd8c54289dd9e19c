import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {
  formatExportManifest,
  parseExportManifest,
  type UnsealedManifest,
} from '../../../src/lib/export/export-manifest.js'
import {RagError} from '../../../src/lib/model/errors.js'
import type {Digest} from '../../../src/lib/ports/surroundings.js'

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')
const digest = {sha256} as unknown as Digest
const SUM = sha256('x')

const RUN = {
  run: 1,
  since: 0,
  corpus_version: 7,
  complete: false,
  model: 'f',
  content_fingerprint: SUM,
  documents: 1,
  records: 2,
  deleted: ['gone.md'],
}
const MODEL = {provider: 'lsa', model: 'lsa', dimension: 4, fingerprint: 'f', spec: {}, fitted_chunks: 2}
const WHOLE = {
  format: 'rag-export',
  format_version: 1,
  corpus: 'acme/docs',
  corpus_created_at_ms: 1_772_359_200_000,
  corpus_version: 7,
  content_fingerprint: SUM,
  since: 3,
  deleted: ['gone.md'],
  documents: 1,
  records: 2,
  settings: {model: 'lsa'},
  model: MODEL,
  model_file: {file: 'acme~docs.lsa', size_bytes: 10, sha256: SUM},
  files: [
    {file: 'acme~docs-1.msgpack', records: 1, size_bytes: 10, sha256: SUM, run: 1},
    {file: 'acme~docs-2.msgpack', records: 1, size_bytes: 10, sha256: SUM},
  ],
  runs: [RUN],
}
const sealed = (manifest: object): string =>
  formatExportManifest(manifest as unknown as UnsealedManifest, digest)

function refusal(text: string): RagError {
  try {
    parseExportManifest(text, 'out/manifest.json', digest)
  } catch (error) {
    if (error instanceof RagError) return error
    throw error
  }
  throw new Error('It was taken.')
}

describe('the manifest of an export', () => {
  it('comes back as it was written, with what it may hold and without', () => {
    const {since, deleted, model_file, runs, corpus_created_at_ms, ...least} = WHOLE
    expect([since, deleted, model_file, runs, corpus_created_at_ms]).not.to.include(undefined)
    for (const manifest of [WHOLE, least, {...least, model: null, files: []}, {...WHOLE, more: 'later'}]) {
      const {sha256: seal, ...parsed} = parseExportManifest(sealed(manifest), 'manifest.json', digest)!
      expect(parsed).to.deep.equal(manifest)
      expect(seal).to.match(/^[0-9a-f]{64}$/)
    }
  })

  it('is none when it is of another program', () => {
    for (const text of ['', '[', 'null', '[]', '{}', '{"format": "other"}'])
      expect(parseExportManifest(text, 'manifest.json', digest), text).to.equal(undefined)
  })

  it('is refused when its seal is broken, or its format is a later one', () => {
    expect(refusal(sealed(WHOLE).replace('"records": 2', '"records": 3'))).to.include({code: 'BATCH_DAMAGED'})
    expect(refusal(sealed({...WHOLE, format_version: 2}))).to.include({code: 'STORE_NEWER'})
  })

  const NUMBERS = [-1, 1.5, '1', null, true, [], 1e300]
  const NAMES = ['..', '.', '', '../x', 'a/b', '/etc/passwd', 'a\\b', 'a\0b', 'x'.repeat(256), 7, null]
  const TEXTS = [7, null, {}, ['a'], true]
  const SUMS = ['', SUM.toUpperCase(), SUM.slice(1), 7]
  const OBJECTS = [[], 'text', 7]
  const [file, second] = WHOLE.files
  const faulty: Record<string, readonly [readonly unknown[], (value: unknown) => object]> = {
    format_version: [[-1, 0, 1.5, '1', null], (value) => ({...WHOLE, format_version: value})],
    corpus: [TEXTS, (value) => ({...WHOLE, corpus: value})],
    corpus_created_at_ms: [NUMBERS, (value) => ({...WHOLE, corpus_created_at_ms: value})],
    corpus_version: [NUMBERS, (value) => ({...WHOLE, corpus_version: value})],
    content_fingerprint: [TEXTS, (value) => ({...WHOLE, content_fingerprint: value})],
    since: [NUMBERS, (value) => ({...WHOLE, since: value})],
    deleted: [['gone', 7, {}], (value) => ({...WHOLE, deleted: value})],
    'deleted[1]': [TEXTS, (value) => ({...WHOLE, deleted: ['a', value]})],
    documents: [NUMBERS, (value) => ({...WHOLE, documents: value})],
    records: [NUMBERS, (value) => ({...WHOLE, records: value})],
    settings: [[...OBJECTS, null], (value) => ({...WHOLE, settings: value})],
    model: [OBJECTS, (value) => ({...WHOLE, model: value})],
    'model.provider': [NAMES, (value) => ({...WHOLE, model: {...MODEL, provider: value}})],
    'model.model': [TEXTS, (value) => ({...WHOLE, model: {...MODEL, model: value}})],
    'model.dimension': [NUMBERS, (value) => ({...WHOLE, model: {...MODEL, dimension: value}})],
    'model.fingerprint': [TEXTS, (value) => ({...WHOLE, model: {...MODEL, fingerprint: value}})],
    'model.spec': [[...OBJECTS, null], (value) => ({...WHOLE, model: {...MODEL, spec: value}})],
    'model.fitted_chunks': [NUMBERS, (value) => ({...WHOLE, model: {...MODEL, fitted_chunks: value}})],
    model_file: [[...OBJECTS, null], (value) => ({...WHOLE, model_file: value})],
    'model_file.file': [NAMES, (value) => ({...WHOLE, model_file: {...WHOLE.model_file, file: value}})],
    'model_file.sha256': [SUMS, (value) => ({...WHOLE, model_file: {...WHOLE.model_file, sha256: value}})],
    files: [['a', {}, null], (value) => ({...WHOLE, files: value})],
    'files[1]': [[...OBJECTS, null], (value) => ({...WHOLE, files: [file, value]})],
    'files[1].file': [NAMES, (value) => ({...WHOLE, files: [file, {...second, file: value}]})],
    'files[1].records': [NUMBERS, (value) => ({...WHOLE, files: [file, {...second, records: value}]})],
    'files[1].size_bytes': [NUMBERS, (value) => ({...WHOLE, files: [file, {...second, size_bytes: value}]})],
    'files[1].sha256': [SUMS, (value) => ({...WHOLE, files: [file, {...second, sha256: value}]})],
    'files[1].run': [[0, ...NUMBERS], (value) => ({...WHOLE, files: [file, {...second, run: value}]})],
    runs: [['a', {}, null], (value) => ({...WHOLE, runs: value})],
    'runs[0].run': [[0, ...NUMBERS], (value) => ({...WHOLE, runs: [{...RUN, run: value}]})],
    'runs[0].complete': [[0, 'yes', null], (value) => ({...WHOLE, runs: [{...RUN, complete: value}]})],
    'runs[0].deleted': [['a', {}, null], (value) => ({...WHOLE, runs: [{...RUN, deleted: value}]})],
    'runs[0].deleted[0]': [TEXTS, (value) => ({...WHOLE, runs: [{...RUN, deleted: [value]}]})],
  }
  for (const [field, [values, make]] of Object.entries(faulty))
    it(`is refused by name when its seal is right and ${field} is wrong`, () => {
      for (const value of values) {
        const error = refusal(sealed(make(value)))
        expect(error.code, String(value)).to.equal('BATCH_DAMAGED')
        expect(error.message, String(value)).to.match(/^out\/manifest\.json is not as rag export wrote it: /)
        expect(error.message, String(value)).to.contain(`: "${field}" is not `)
      }
    })

  it('is refused by name when a field that it must have is missing', () => {
    const without = (of: object, key: string): object =>
      Object.fromEntries(Object.entries(of).filter(([name]) => name !== key))
    const optional = ['format', 'corpus_created_at_ms', 'since', 'deleted', 'model_file', 'runs']
    for (const key of Object.keys(WHOLE).filter((name) => !optional.includes(name)))
      expect(refusal(sealed(without(WHOLE, key))).message).to.contain(`"${key}" is not `)
    for (const key of ['file', 'records', 'size_bytes', 'sha256'])
      expect(refusal(sealed({...WHOLE, files: [without(file!, key)]})).message).to.contain(
        `"files[0].${key}" is not `,
      )
    for (const key of Object.keys(RUN))
      expect(refusal(sealed({...WHOLE, runs: [without(RUN, key)]})).message).to.contain(`"runs[0].${key}"`)
    for (const key of ['provider', 'model', 'dimension', 'fingerprint'])
      expect(refusal(sealed({...WHOLE, model: without(MODEL, key)})).message).to.contain(`"model.${key}"`)
  })
})
