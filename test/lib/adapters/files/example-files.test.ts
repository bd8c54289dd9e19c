import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {createExampleFiles} from '../../../../src/lib/adapters/files/examples/example-files.js'
import type {StagedExamples} from '../../../../src/lib/ports/files/example-files.js'
import {rejects} from '../../../support/store-fixtures.js'

const OURS =
  '{"id":"1","question":"q","answer":"a","context":[],"source":"d","created_at":"2026-01-01T00:00:00.000Z"}\n'

describe('createExampleFiles', () => {
  let folder: string
  const files = createExampleFiles({pid: 77, isRunning: (pid) => pid === 78})
  const at = (name: string): string => path.join(folder, name)
  const stage = (...names: string[]): Promise<readonly StagedExamples[]> =>
    files.stage(
      names.map((name) => ({format: name.endsWith('.jsonl') ? 'jsonl' : 'msgpack', path: at(name)}) as const),
      {force: false},
    )
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'rag-example-files-'))))
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  it('shows nothing under the names before all is published, and nothing else afterwards', async () => {
    const staged = await stage('a.jsonl', 'b.msgpack')
    await staged[0]!.append(bytes('one\n'))
    await staged[1]!.append(bytes('0000 rest'))
    await staged[1]!.rewriteHead(bytes('1234'))
    expect(existsSync(at('a.jsonl')) || existsSync(at('b.msgpack'))).to.equal(false)
    const published = await files.publish(staged)
    await files.discard(staged)
    expect(readdirSync(folder).sort()).to.deep.equal(['a.jsonl', 'b.msgpack'])
    expect(readFileSync(at('b.msgpack'), 'utf8')).to.equal('1234 rest')
    expect(published[0]).to.include({sizeBytes: 4, file: path.join(folder, 'a.jsonl')})
    expect(published[0]!.sha256).to.match(
      /^2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806$/,
    )
  })

  it('leaves everything as it was when it is given up', async () => {
    writeFileSync(at('a.jsonl'), OURS)
    const staged = await stage('a.jsonl', 'b.msgpack')
    await staged[0]!.append(bytes('half'))
    await files.discard(staged)
    expect(readdirSync(folder)).to.deep.equal(['a.jsonl'])
    expect(readFileSync(at('a.jsonl'), 'utf8')).to.equal(OURS)
  })

  it('puts back the file that was replaced when another can not be put in place', async () => {
    writeFileSync(at('b.msgpack'), '')
    const staged = await stage('a.jsonl', 'b.msgpack')
    for (const one of staged) await one.append(bytes('new'))
    // What stands in the way came after the look.
    mkdirSync(at('a.jsonl'))
    writeFileSync(at('a.jsonl/x'), '')
    await rejects(files.publish(staged), 'STORE_UNUSABLE')
    await files.discard(staged)
    expect(readFileSync(at('b.msgpack'), 'utf8')).to.equal('')
    expect(readdirSync(folder).sort()).to.deep.equal(['a.jsonl', 'b.msgpack'])
    expect(readdirSync(at('a.jsonl'))).to.deep.equal(['x'])
  })

  it('replaces what it wrote, and what is empty, with its permissions; nothing else but by force', async () => {
    writeFileSync(at('empty.jsonl'), '')
    writeFileSync(at('ours.jsonl'), OURS)
    chmodSync(at('ours.jsonl'), 0o600)
    writeFileSync(at('theirs.jsonl'), '{"a":1}\n')
    writeFileSync(at('theirs.msgpack'), 'hello')
    for (const name of ['empty.jsonl', 'ours.jsonl']) {
      const staged = await stage(name)
      await staged[0]!.append(bytes('x'))
      await files.publish(staged)
      await files.discard(staged)
      expect(readFileSync(at(name), 'utf8')).to.equal('x')
    }
    expect(statSync(at('ours.jsonl')).mode & 0o777).to.equal(0o600)
    for (const name of ['theirs.jsonl', 'theirs.msgpack', 'ours.jsonl']) await rejects(stage(name), 'USAGE')
    const forced = await files.stage([{format: 'jsonl', path: at('theirs.jsonl')}], {force: true})
    await files.publish(forced)
    await files.discard(forced)
    expect(readFileSync(at('theirs.jsonl'), 'utf8')).to.equal('')
  })

  it('refuses folders, missing folders, one file for two, and links to nowhere', async () => {
    mkdirSync(at('folder.jsonl'))
    symlinkSync(at('nowhere'), at('link.jsonl'))
    symlinkSync(at('real.jsonl'), at('alias.jsonl'))
    writeFileSync(at('real.jsonl'), '')
    await rejects(stage('folder.jsonl'), 'USAGE')
    await rejects(stage('link.jsonl'), 'USAGE')
    await rejects(stage('missing/a.jsonl'), 'INPUT_MISSING')
    await rejects(stage('real.jsonl', 'alias.jsonl'), 'USAGE')
    await rejects(stage('real.jsonl', 'missing/b.msgpack'), 'INPUT_MISSING')
    expect(readdirSync(folder).sort()).to.deep.equal([
      'alias.jsonl',
      'folder.jsonl',
      'link.jsonl',
      'real.jsonl',
    ])
    const staged = await stage('alias.jsonl')
    await staged[0]!.append(bytes('x'))
    await files.publish(staged)
    await files.discard(staged)
    expect(readFileSync(at('real.jsonl'), 'utf8')).to.equal('x')
  })

  it('removes what a process that is gone left there, and leaves that of one at work', async () => {
    writeFileSync(at('.a.jsonl.99-0123abcd.rag-examples'), 'left')
    writeFileSync(at('.a.jsonl.78-0123abcd.rag-examples'), 'at work')
    await files.discard(await stage('a.jsonl'))
    expect(readdirSync(folder)).to.deep.equal(['.a.jsonl.78-0123abcd.rag-examples'])
  })

  it('gives back what has no name, and leaves nothing of it', async () => {
    const staged = await files.stage([{format: 'jsonl'}], {force: false})
    await staged[0]!.append(bytes('one\ntwo\n'))
    expect((await files.publish(staged))[0])
      .to.include({sizeBytes: 8})
      .and.not.to.have.property('file')
    let text = ''
    for await (const piece of staged[0]!.read()) text += Buffer.from(piece).toString()
    await files.discard(staged)
    expect(text).to.equal('one\ntwo\n')
  })
})
