import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const BIN = path.resolve('bin/rag.js')

describe('a cold start', () => {
  let cwd: string
  before(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'rag-cold-'))
    writeFileSync(
      path.join(cwd, 'leave.md'),
      '# Sick leave\n\nTell your manager on the first day of sick leave.\n',
    )
    const made = rag({}, 'ingest', 'leave.md', '--quiet')
    expect([made.status, made.stderr]).to.deep.equal([0, ''])
  })
  after(() => rmSync(cwd, {recursive: true}))

  function rag(more: NodeJS.ProcessEnv, ...argv: string[]): {status: number | null; stderr: string} {
    const {DEBUG: _, RAG_DATA_DIR: __, ...env} = process.env
    return spawnSync(process.execPath, [BIN, ...argv], {cwd, encoding: 'utf8', env: {...env, ...more}})
  }

  /** Every file that V8 compiled for a command. */
  function loadedBy(...argv: string[]): readonly string[] {
    const coverage = mkdtempSync(path.join(cwd, 'coverage-'))
    const ran = rag({NODE_V8_COVERAGE: coverage}, ...argv)
    expect([ran.status, ran.stderr]).to.deep.equal([0, ''])
    const urls = readdirSync(coverage).flatMap((name) => {
      const {result} = JSON.parse(readFileSync(path.join(coverage, name), 'utf8')) as {
        result: readonly {readonly url: string}[]
      }
      return result.map(({url}) => url)
    })
    return [...new Set(urls)].filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url))
  }
  const bytesOf = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + statSync(file).size, 0)

  it('of a search loads no more than 700 KB, and none of the use cases it does not run', () => {
    const files = loadedBy('search', 'sick leave', '--quiet')
    expect(bytesOf(files)).to.be.within(100_000, 700_000)
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    expect(text).to.match(/\bfunction searchCorpus\b/)
    const others = [
      'verifyStore',
      'restore',
      'replay',
      'exportTo',
      'ingestDocuments',
      'rebuildCorpus',
      'Packr',
    ]
    const loaded = others.filter((name) => new RegExp(`\\b(function|class|extends) ${name}\\b`).test(text))
    expect(loaded).to.deep.equal([])
  })

  it('of --version loads less than a tenth of that', () => {
    expect(bytesOf(loadedBy('--version'))).to.be.within(500, 70_000)
  })
})
