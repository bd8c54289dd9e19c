import {execFileSync, spawn, spawnSync, type SpawnSyncReturns} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'

const BIN = path.resolve('bin/rag.js')

describe('bin/rag.js', () => {
  let cwd: string
  before(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'rag-bin-'))
  })
  after(() => rmSync(cwd, {recursive: true}))

  function rag(...argv: string[]): SpawnSyncReturns<string> {
    const {DEBUG: _, RAG_DATA_DIR: __, ...env} = process.env
    return spawnSync(process.execPath, [BIN, ...argv], {cwd, encoding: 'utf8', env})
  }

  it('prints its version, the same on each way', () => {
    const {version} = JSON.parse(readFileSync('package.json', 'utf8')) as {version: string}
    const expected = `rag/${version} ${process.platform}-${process.arch} node-${process.version}\n`
    for (const argv of [['--version'], ['-v'], ['version'], ['--version', '--quiet']]) {
      expect(rag(...argv).stdout, argv.join(' ')).to.equal(expected)
    }
  })

  it('prints help and exits with 0 when called alone, with --help, -h or help', () => {
    for (const argv of [[], ['--help'], ['-h'], ['help'], ['search', '-h'], ['help', 'search'], ['docs']]) {
      const ran = rag(...argv)
      expect([ran.status, ran.stderr], argv.join(' ')).to.deep.equal([0, ''])
      expect(ran.stdout).to.contain('USAGE')
    }
  })

  it('loads no native module for help', () => {
    const code = `process.argv[1]=${JSON.stringify(BIN)};process.argv[2]='search';process.argv[3]='--help';
      const dlopen=process.dlopen;process.dlopen=(...a)=>{console.error('NATIVE',a[1]);return dlopen(...a)};
      await import(${JSON.stringify(BIN)})`
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', code], {cwd, encoding: 'utf8'})
    expect(ran.stderr).not.to.contain('NATIVE')
  })

  it('exits with 2 for an unknown command, and says which was likely meant', () => {
    const ran = rag('serch', 'x')
    expect([ran.status, ran.stdout]).to.deep.equal([2, ''])
    expect(ran.stderr).to.equal('rag: error: There is no command "serch x".\n  Did you mean: rag search\n')
    expect(rag('docs', 'lst').stderr).to.contain('Did you mean: rag docs list')
  })

  it('prints one JSON document for wrong usage with --json', () => {
    for (const argv of [
      ['serch', '--json'],
      ['search', 'x', '--bogus', '--json'],
      ['search', '--json'],
      ['ingest', '--json', '--batch-size', 'x'],
      ['docs', 'show', '--json'],
    ]) {
      const ran = rag(...argv)
      expect([ran.status, ran.stderr], argv.join(' ')).to.deep.equal([2, ''])
      const json = JSON.parse(ran.stdout) as {error: object}
      expect(json.error).to.have.all.keys('code', 'message', 'hint')
      expect(json.error).to.have.property('code', 'USAGE')
    }
  })

  it('answers an unknown flag with the likely one, in one or two lines and without a stack', () => {
    const ran = rag('search', 'x', '--topk', '3')
    expect(ran.status).to.equal(2)
    expect(ran.stderr).to.equal(
      'rag: error: Unknown flag: --topk.\n  Did you mean --top-k? See: rag search --help\n',
    )
  })

  it('says what a missing argument is', () => {
    const ran = rag('docs', 'show')
    expect(ran.stderr).to.contain('The argument ID is missing.').and.to.contain('rag docs show --help')
    expect(ran.stderr.trimEnd().split('\n')).to.have.length(2)
  })

  it('takes the folders of rag for no folders of its frame', () => {
    const file = path.join(cwd, 'a-file')
    const trap = path.join(cwd, 'trap')
    mkdirSync(trap)
    writeFileSync(file, '')
    writeFileSync(
      path.join(trap, 'package.json'),
      '{"oclif":{"plugins":[{"type":"user","name":"evil","root":"."}]}}',
    )
    const run = (folder: string) =>
      spawnSync(process.execPath, [BIN, 'config', '--json'], {
        cwd,
        encoding: 'utf8',
        env: {...process.env, RAG_DATA_DIR: folder, RAG_CACHE_DIR: folder, RAG_CONFIG_DIR: folder},
      })
    try {
      for (const folder of [file, trap, path.join(cwd, 'none')])
        expect([run(folder).status, run(folder).stderr]).to.deep.equal([0, ''])
      expect(readdirSync(trap)).to.deep.equal(['package.json'])
      expect(readdirSync(cwd).sort()).to.deep.equal(['a-file', 'trap'])
    } finally {
      rmSync(file)
      rmSync(trap, {recursive: true})
    }
  })

  it('makes no store when it only reads', () => {
    rag('search', 'x')
    rag('status')
    expect(execFileSync('ls', ['-A', cwd], {encoding: 'utf8'})).to.equal('')
  })

  it('ends quietly when the reader of its output is gone', async () => {
    const child = spawn(process.execPath, [BIN, 'completion', 'zsh'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (part) => (stderr += String(part)))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, stderr]).to.deep.equal([0, ''])
  })
})
