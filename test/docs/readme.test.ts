import {spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {lineProgress} from '../../src/cli/output/progress.js'
import {mask, phases, readConsoleBlocks, withoutProgress, writeConsoleBlocks} from './console-blocks.ts'
import {cleanEnvironment, putOnPath} from './on-path.ts'

const README = path.resolve('README.md')
/** What the temporary home is called in the document. */
const SHOWN_HOME = '/home/you'

describe('README.md', () => {
  let home: string
  before(() => {
    home = realpathSync(mkdtempSync(path.join(tmpdir(), 'rag-readme-')))
    cpSync('examples/corpus', path.join(home, 'examples/corpus'), {recursive: true})
    putOnPath(home, 'rag', `exec '${process.execPath}' '${path.resolve('bin/rag.js')}' "$@"`)
  })
  after(() => rmSync(home, {recursive: true}))

  function run(command: string): string {
    const env = {...cleanEnvironment(home), HOME: home}
    const ran = spawnSync('bash', ['-o', 'pipefail', '-c', `{ ${command}\n} 2>&1`], {
      cwd: home,
      encoding: 'utf8',
      env,
    })
    expect(ran.status, `${command}\n${ran.stdout}${ran.stderr}`).to.equal(0)
    return withoutProgress(ran.stdout).replaceAll(home, SHOWN_HOME)
  }

  it('shows what its commands print (UPDATE_GOLDEN=1 rewrites it)', function () {
    // What is held is what they print, not how fast a busy machine is.
    this.timeout(300_000)
    const text = readFileSync(README, 'utf8')
    const shown = readConsoleBlocks(text)
    expect(shown.length).to.be.greaterThan(10)
    const outputs = shown.map(({command}) => run(command))
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(README, writeConsoleBlocks(text, outputs))
    else
      for (const [i, {command, output, line}] of shown.entries())
        expect(mask(outputs[i]!), `README.md:${line}  $ ${command}`).to.equal(mask(output))
  })

  it('can tell a wrong number from a right one', () => {
    expect(mask('Documents    42 added')).not.to.equal(mask('Documents    41 added'))
    expect(mask('1. 0.950  a.md')).not.to.equal(mask('1. 0.951  a.md'))
    expect(mask('Time   0.25 s')).to.equal(mask('Time 1.5 s'))
  })

  it('reads the same on a machine so slow that progress is told, and drops nothing else', () => {
    let [now, told] = [0, '']
    const messages = {write: (text: string) => (told += text) !== ''}
    const {sink} = lineProgress({messages, quiet: false, monotonic: () => (now += 4000)})
    for (const phase of phases) {
      sink({phase, done: 0, unit: 'chunks'})
      sink({phase, done: 1200, total: 90_000, unit: 'bytes'})
    }
    expect(told.split('\n').length - 1).to.equal(2 * phases.length)
    expect(withoutProgress(`Documents 42\n${told}hint: more\n`)).to.equal('Documents 42\nhint: more\n')
    const kept = 'rag: note: reading: 3\nrag: error: indexing: 3\nrag: indexing failed\nreading: 3 of 4\n'
    expect(withoutProgress(kept)).to.equal(kept)
  })
})
