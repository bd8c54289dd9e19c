import {spawnSync, type SpawnSyncReturns} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'

const BIN = path.resolve('bin/rag.js')
const KEY = 'sk-held-by-nobody-0123456789'
/** What a terminal would act on, and a key that the process knows. */
const SAID = `'lost \\u001b]0;x\\u0007 \\u009b2J with ${KEY}'`

/** Runs `rag ARGV`; `code` runs in the same process as soon as the command line has begun. */
function rag(code: string, ...argv: string[]): SpawnSyncReturns<string> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'rag-uncaught-'))
  const preload = `import {isMainThread} from 'node:worker_threads'
    const before = process.listenerCount('warning')
    const timer = isMainThread && setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0 || before === 0) return
      clearInterval(timer)
      ${code}
    }, 5)`
  try {
    const {DEBUG: _, RAG_DATA_DIR: __, ...env} = process.env
    return spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, BIN, ...argv],
      {cwd, encoding: 'utf8', env: {...env, OPENAI_API_KEY: KEY, DEBUG: ''}, timeout: 60_000},
    )
  } finally {
    rmSync(cwd, {recursive: true})
  }
}

const WAYS = {
  'an error that is thrown': `throw new Error(${SAID})`,
  'a promise that is rejected': `void Promise.reject(new Error(${SAID}))`,
}

describe('what nobody caught', () => {
  for (const [name, code] of Object.entries(WAYS)) {
    it(`ends in readable lines, without secrets and stack: ${name}`, () => {
      const ran = rag(code, 'config', '--quiet')
      expect(ran.status).to.equal(1)
      const [said, hint, ...more] = ran.stderr.trimEnd().split('\n')
      expect(said).to.equal(String.raw`rag: error: Error: lost \u001b]0;x\u0007 \u009b2J with ***`)
      expect(hint).to.contain('report it')
      expect(more).to.deep.equal([])
    })

    it(`shows the stack with --debug, without secrets: ${name}`, () => {
      const ran = rag(code, 'config', '--debug')
      expect(ran.status).to.equal(1)
      expect(ran.stderr).to.match(/\n\s+at .*data:text/)
      expect(ran.stderr).not.to.contain(KEY)
      expect(ran.stderr).not.to.match(/[\u001b\u009b]/)
    })

    it(`is one document with --json: ${name}`, () => {
      const ran = rag(code, 'status', '--json')
      expect([ran.status, ran.stderr]).to.deep.equal([1, ''])
      // The command may have been done before.
      expect(ran.stdout).to.contain('"code": "INTERNAL"').and.not.to.contain(KEY)
    })
  }

  it('is said of warnings of Node too: through the gate, without secrets', () => {
    const ran = rag(`process.emitWarning(${SAID}, 'StrangeWarning')`, 'config')
    expect(ran.status).to.equal(0)
    expect(ran.stderr).to.equal(
      String.raw`rag: warning: StrangeWarning: lost \u001b]0;x\u0007 \u009b2J with ***` + '\n',
    )
  })
})
