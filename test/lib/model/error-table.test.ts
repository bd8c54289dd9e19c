import {expect} from 'chai'
import {
  ERROR_CODES,
  ERROR_TABLE,
  exitOf,
  type ErrorCode,
  type Subject,
} from '../../../src/lib/model/errors/error-table.js'
import {isAbout, isTransient} from '../../../src/lib/model/errors/questions.js'
import {RagError} from '../../../src/lib/model/errors/rag-error.js'

/** What each part of the program does with an error, by its code: whatever the table says otherwise changes what a command does. */
const ABOUT: Readonly<Record<Subject, readonly ErrorCode[]>> = {
  request: ['USAGE', 'BAD_NAME', 'CONFIG_INVALID', 'MODEL_UNKNOWN'],
  absent: ['CORPUS_MISSING', 'DOCUMENT_MISSING', 'SESSION_MISSING', 'NO_EXAMPLES'],
  input: [
    'INPUT_MISSING',
    'INPUT_UNREADABLE',
    'NOT_TEXT',
    'TOO_LARGE',
    'BAD_INPUT',
    'ID_TAKEN',
    'PRUNE_REFUSED',
  ],
  // An ingest of JSON Lines names the line and goes on.
  line: ['BAD_INPUT', 'BAD_VECTOR', 'TOO_LARGE', 'MODEL_MISMATCH', 'DIMENSION_MISMATCH', 'NOT_TEXT'],
  // A replay names the record and goes on.
  record: ['BAD_INPUT', 'BAD_VECTOR', 'DIMENSION_MISMATCH'],
  // A replay names the file and goes on with the others.
  batch: [
    'BAD_INPUT',
    'INPUT_MISSING',
    'INPUT_UNREADABLE',
    'TOO_LARGE',
    'BATCH_DAMAGED',
    'BATCH_MISSING',
    'MODEL_MISMATCH',
    'INTERRUPTED',
  ],
  // `rag verify` ends by it, and counts nothing as damaged.
  environment: [
    'STORE_BUSY',
    'STORE_MISSING',
    'STORE_NEWER',
    'STORE_READ_ONLY',
    'STORE_UNUSABLE',
    'DISK_FULL',
    'NATIVE_MODULE_MISSING',
    'INTERRUPTED',
    'LEASE_HELD',
    'LEASE_LOST',
  ],
  // `rag ask` answers all the same.
  writing: ['STORE_READ_ONLY', 'DISK_FULL', 'STORE_BUSY', 'COMMITS_LOST'],
  // `rag verify` reports a segment as damaged.
  stored: ['STORE_DAMAGED', 'INDEX_DAMAGED'],
  backup: ['BACKUP_MISSING', 'BACKUP_DAMAGED'],
  'state-file': ['STATE_HELD'],
  // An ingest keeps the text and leaves its chunks pending.
  embedding: [
    'EMBEDDER_UNREACHABLE',
    'EMBEDDER_REFUSED',
    'EMBEDDER_BAD_ANSWER',
    'MODEL_MISSING',
    'MODEL_UNUSABLE',
    'MODEL_MISMATCH',
    'NATIVE_MODULE_MISSING',
  ],
  // The next ingest learns a new model; `rag verify` reports the file as damaged.
  'learned-model': ['MODEL_DAMAGED', 'MODEL_MISMATCH'],
  // A hybrid search answers by keywords alone.
  'vector-search': [
    'NO_VECTORS',
    'MODEL_DAMAGED',
    'MODEL_MISMATCH',
    'NATIVE_MODULE_MISSING',
    'EMBEDDER_UNREACHABLE',
    'EMBEDDER_REFUSED',
    'EMBEDDER_BAD_ANSWER',
    'MODEL_MISSING',
    'MODEL_UNUSABLE',
    'MODEL_UNKNOWN',
    'DIMENSION_MISMATCH',
  ],
  chat: ['CHAT_UNREACHABLE', 'CHAT_REFUSED', 'CHAT_BAD_ANSWER'],
  program: ['INTERNAL'],
}

/** What `rag watch` waits for, instead of ending. */
const WAITED_FOR: readonly ErrorCode[] = [
  'BATCH_MISSING',
  'LEASE_HELD',
  'LEASE_LOST',
  'STORE_BUSY',
  'DISK_FULL',
  'EMBEDDER_UNREACHABLE',
  'EMBEDDER_REFUSED',
  'EMBEDDER_BAD_ANSWER',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'PRUNE_REFUSED',
  'INPUT_MISSING',
  'INPUT_UNREADABLE',
]

const EXITS: Readonly<Record<number, readonly ErrorCode[]>> = {
  2: ['USAGE', 'BAD_NAME', 'CONFIG_INVALID'],
  4: [
    'STORE_MISSING',
    'CORPUS_MISSING',
    'DOCUMENT_MISSING',
    'SESSION_MISSING',
    'NO_EXAMPLES',
    'INPUT_MISSING',
    'BACKUP_MISSING',
  ],
  5: [
    'BATCH_DAMAGED',
    'BATCH_MISSING',
    'STORE_DAMAGED',
    'COMMITS_LOST',
    'BACKUP_DAMAGED',
    'INDEX_DAMAGED',
    'MODEL_DAMAGED',
  ],
  6: ['STORE_BUSY', 'LEASE_HELD', 'LEASE_LOST', 'STATE_HELD'],
  7: [
    'EMBEDDER_UNREACHABLE',
    'EMBEDDER_REFUSED',
    'EMBEDDER_BAD_ANSWER',
    'MODEL_MISSING',
    'CHAT_UNREACHABLE',
    'CHAT_REFUSED',
    'CHAT_BAD_ANSWER',
  ],
  8: ['MODEL_UNUSABLE', 'DIMENSION_MISMATCH', 'MODEL_MISMATCH', 'MODEL_UNKNOWN', 'STORE_NEWER'],
  130: ['INTERRUPTED'],
}

const errorOf = (code: ErrorCode): RagError => new RagError(code, 'no')

describe('the table of errors', () => {
  for (const [subject, codes] of Object.entries(ABOUT) as [Subject, readonly ErrorCode[]][])
    it(`knows what is about: ${subject}`, () => {
      expect(ERROR_CODES.filter((code) => isAbout(errorOf(code), subject))).to.have.members([...codes])
    })

  it('says of every error what it is about', () => {
    for (const code of ERROR_CODES) expect(ERROR_TABLE[code].about, code).not.to.have.lengthOf(0)
  })

  it('knows what a watch waits for', () => {
    // A watch asks no chat model.
    const inWatch = ERROR_CODES.filter((code) => !isAbout(errorOf(code), 'chat'))
    expect(inWatch.filter((code) => isTransient(errorOf(code)))).to.have.members([...WAITED_FOR])
  })

  it('has the exit code of each', () => {
    const listed = Object.entries(EXITS).flatMap(([exit, codes]) => codes.map((code) => [code, Number(exit)]))
    const expected = new Map<unknown, unknown>(listed as [string, number][])
    for (const code of ERROR_CODES) expect(exitOf(code), code).to.equal(expected.get(code) ?? 1)
  })

  it('is asked about errors of this program alone', () => {
    const foreign = Object.assign(new Error('no'), {code: 'STORE_BUSY'})
    for (const thrown of [foreign, 'STORE_BUSY', undefined]) {
      expect(isTransient(thrown)).to.equal(false)
      expect(isAbout(thrown, 'environment')).to.equal(false)
    }
  })
})
