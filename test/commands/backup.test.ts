import {expect} from 'chai'
import Backup from '../../src/commands/backup.js'
import Restore from '../../src/commands/restore.js'
import {corpusName, RagError, type BackupReport, type RestoreReport} from '../../src/lib/index.js'
import {runCommand} from './run-command.js'

const CORPORA = [
  {
    corpus: corpusName('acme/docs'),
    createdAtMs: 1,
    version: 8,
    documents: 2,
    chunks: 3,
    vectors: 3,
    pending: 0,
  },
]
const BACKUP: BackupReport = {
  dir: '/mnt/copies',
  number: 12,
  createdAtMs: Date.UTC(2026, 1, 2, 3, 4, 5),
  corpora: CORPORA,
  files: 4,
  bytes: 4096,
  copiedFiles: 1,
  copiedBytes: 1024,
  retries: 0,
  leftOut: [],
  damagedTexts: [],
  seconds: 0.25,
}
const RESTORE: RestoreReport = {
  dir: '/mnt/copies',
  dataDir: '/srv/.rag',
  indexDir: '/srv/.rag/indexes',
  dryRun: false,
  number: 12,
  createdAtMs: BACKUP.createdAtMs,
  corpora: CORPORA,
  files: 4,
  bytes: 4096,
  replaced: ['default'],
  notes: ['a word of note'],
  seconds: 0.5,
}
const KEYS = 'dir number created_at corpora files bytes seconds'.split(' ')

describe('rag backup', () => {
  it('prints the documented JSON, and what was copied for people', async () => {
    const rag = {backup: () => Promise.resolve(BACKUP)}
    const json = JSON.parse((await runCommand(Backup, ['copies', '--json'], {rag})).stdout) as object
    expect(json).to.have.all.keys([...KEYS, 'corpus', 'copied', 'retries', 'left_out', 'damaged_texts'])
    const {stdout, exit} = await runCommand(Backup, ['copies'], {rag})
    expect(stdout).to.match(/^Backup 12 in \/mnt\/copies\nHolds +1 corpus, 2 documents, 3 chunks\n/)
    expect(stdout).to.contain('Copied  1 file, 1.0 KB').and.to.contain('3 files from before')
    expect(exit).to.equal(0)
  })

  it('takes the folder from the current one, all corpora unless told otherwise', async () => {
    const calls: unknown[] = []
    const rag = {
      backup: (
        dir: string,
        {corpus, force, verify}: {corpus?: string; force?: boolean; verify?: boolean} = {},
      ) => {
        calls.push([dir, corpus, force === true, verify === true])
        return Promise.resolve(BACKUP)
      },
    }
    await runCommand(Backup, ['copies'], {rag, cwd: '/home/me', env: {RAG_CORPUS: 'other'}})
    await runCommand(Backup, ['/mnt/x', '-c', 'acme/docs', '--force', '--verify'], {rag})
    expect(calls).to.deep.equal([
      ['/home/me/copies', undefined, false, false],
      ['/mnt/x', 'acme/docs', true, true],
    ])
    expect((await runCommand(Backup, [], {rag})).exit).to.equal(2)
    expect((await runCommand(Backup, ['x', '-c', 'No Name'], {rag})).exit).to.equal(2)
  })

  it('names what it left out, also when quiet, and exits with 3', async () => {
    const leftOut = [
      {kind: 'index' as const, file: 'a/s.hnsw', sizeBytes: 1, sha256: '', reason: 'it is missing'},
    ]
    const rag = {backup: () => Promise.resolve({...BACKUP, leftOut})}
    const {exit, stderr} = await runCommand(Backup, ['copies', '--quiet'], {rag})
    expect(exit).to.equal(3)
    expect(stderr).to.contain('a/s.hnsw was left out: it is missing')
  })

  it('names damaged texts, and exits with 3', async () => {
    const rag = {backup: () => Promise.resolve({...BACKUP, damagedTexts: ['c: a.md#c0001']})}
    const {exit, stderr} = await runCommand(Backup, ['copies', '--quiet'], {rag})
    expect(exit).to.equal(3)
    expect(stderr).to.contain('not what was stored: c: a.md#c0001.')
  })
})

describe('rag restore', () => {
  it('prints the documented JSON, and notes on stderr', async () => {
    const rag = {restore: () => Promise.resolve(RESTORE)}
    const ran = await runCommand(Restore, ['copies', '--json'], {rag})
    const more = 'data_dir index_dir dry_run replaced kept_old notes'.split(' ')
    expect(JSON.parse(ran.stdout)).to.have.all.keys([...KEYS, ...more])
    expect(ran.stderr).to.contain('a word of note')
    const {stdout} = await runCommand(Restore, ['copies'], {
      rag: {restore: () => Promise.resolve({...RESTORE, keptOld: '/old'})},
    })
    expect(stdout).to.match(/^Restored: backup 12 of 2026-02-02T03:04:05Z\n/)
    expect(stdout).to.contain('Old store  /old').and.to.contain('default')
  })

  it('replaces the current store, or goes into a new folder unless that may be replaced', async () => {
    const calls: unknown[] = []
    const rag = {
      restore: (
        dir: string,
        {dryRun, onlyNew, keepOld}: {dryRun?: boolean; onlyNew?: boolean; keepOld?: boolean} = {},
      ) => {
        calls.push([dir, dryRun === true, onlyNew === true, keepOld === true])
        return Promise.resolve(RESTORE)
      },
    }
    const given = {rag, cwd: '/home/me'}
    const first = await runCommand(Restore, ['copies'], given)
    const second = await runCommand(Restore, ['copies', '--into', 'new', '--dry-run'], given)
    const third = await runCommand(Restore, ['copies', '--into', 'new', '--force', '--keep-old'], given)
    expect([first, second, third].map(({opened}) => opened[0]!.dataDir)).to.deep.equal([
      '/home/me/.rag',
      '/home/me/new',
      '/home/me/new',
    ])
    expect(calls).to.deep.equal([
      ['/home/me/copies', false, false, false],
      ['/home/me/copies', true, true, false],
      ['/home/me/copies', false, false, true],
    ])
  })

  it('passes errors on with their exits', async () => {
    for (const [code, exit] of [
      ['BACKUP_MISSING', 4],
      ['BACKUP_DAMAGED', 5],
      ['LEASE_HELD', 6],
      ['STORE_NEWER', 8],
    ] as const) {
      const rag = {restore: () => Promise.reject(new RagError(code, 'No.'))}
      expect((await runCommand(Restore, ['copies'], {rag})).exit).to.equal(exit)
    }
  })
})
