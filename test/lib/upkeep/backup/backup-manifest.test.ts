import {expect} from 'chai'
import {systemDigest} from '../../../../src/lib/adapters/system/digest.js'
import type {BackupManifest} from '../../../../src/lib/model/operations/backup.js'
import {corpusName} from '../../../../src/lib/model/names.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import {formatManifest, parseManifest} from '../../../../src/lib/upkeep/backup/backup-manifest.js'

const FILE = {sizeBytes: 10, sha256: 'ab'.repeat(32)}
const MANIFEST: BackupManifest = {
  number: 3,
  createdAtMs: 1_700_000_000_123,
  ragVersion: '0.1.0',
  storeFormat: 1,
  dataDir: '/srv/kb/.rag',
  state: '1 2 3 4, none',
  corpora: [
    {
      corpus: corpusName('acme/docs'),
      createdAtMs: 5,
      version: 8,
      documents: 2,
      chunks: 3,
      vectors: 3,
      pending: 0,
    },
  ],
  files: [
    {kind: 'database', name: 'rag.db', file: 'data/rag-3.db', ...FILE},
    {kind: 'index', name: 'a/v1/s.hnsw', file: 'data/indexes/a/v1/s~2.hnsw', ...FILE},
  ],
  leftOut: [{kind: 'model', file: 'a/v1.lsa', reason: 'it is missing', ...FILE}],
}

const codeOf = (text: string): string => {
  try {
    parseManifest(text, '/copies', systemDigest)
    return 'read'
  } catch (error) {
    return error instanceof RagError ? error.code : String(error)
  }
}

describe('the manifest of a backup', () => {
  const text = formatManifest(MANIFEST, systemDigest)

  it('is read back as it was written, also without what may be absent', () => {
    expect(parseManifest(text, '/copies', systemDigest)).to.deep.equal(MANIFEST)
    const {state: _state, ...rest} = MANIFEST
    const one = {...rest, corpus: corpusName('acme/docs')}
    expect(parseManifest(formatManifest(one, systemDigest), '/copies', systemDigest)).to.deep.equal(one)
  })

  it('shows any other content than was written', () => {
    for (const [from, to] of [
      ['"documents": 2', '"documents": 3'],
      ['rag-3.db', 'rag-2.db'],
      ['"size_bytes": 10', '"size_bytes": 11'],
      ['"state"', '"stat"'],
      ['"rag-backup"', '"rag"'],
      ['{', '['],
      ['}', ''],
    ] as const)
      expect(codeOf(text.replace(from, to)), from).to.equal('BACKUP_DAMAGED')
    for (const other of ['', 'null', '[]', '{}', '7', '{"format":"rag-backup"}'])
      expect(codeOf(other), other).to.equal('BACKUP_DAMAGED')
  })

  it('of a later format is refused as such', () => {
    expect(codeOf('{"format":"rag-backup","format_version":2,"other":1}')).to.equal('STORE_NEWER')
  })
})
