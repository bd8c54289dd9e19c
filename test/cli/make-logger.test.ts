import {expect} from 'chai'
import {makeLogger} from '../../src/cli/output/make-logger.js'
import {resolveConfig} from '../../src/cli/settings/resolve-config.js'
import type {Output} from '../../src/cli/surroundings.js'

describe('log lines', () => {
  async function logged(env: Record<string, string>, debug = false): Promise<readonly string[]> {
    const lines: string[] = []
    const stderr = {write: (text: unknown) => lines.push(String(text)) > 0} as unknown as Output
    const logger = await makeLogger(resolveConfig({}, {cwd: '/nowhere/at/all', env}), debug, stderr)
    logger.debug('one', {n: 1})
    logger.info('two', {n: 2})
    logger.warn('three\nlines', {n: 3})
    return lines
  }
  const structured = (lines: readonly string[]) =>
    lines
      .map((line) => JSON.parse(line) as {msg: string; n: number; level: number})
      .map(({msg, n}) => [msg, n])

  it('are plain warnings, one line each, unless asked for', async () => {
    expect(await logged({})).to.deep.equal(['rag: warning: three lines\n'])
    expect(await logged({RAG_LOG_FORMAT: 'text', RAG_LOG_LEVEL: 'debug'})).to.deep.equal([
      'rag: warning: three lines\n',
    ])
  })

  it('are structured with a level, the json format, or --debug', async () => {
    expect(structured(await logged({RAG_LOG_LEVEL: 'warn'}))).to.deep.equal([['three\nlines', 3]])
    expect(structured(await logged({RAG_LOG_FORMAT: 'json'}))).to.deep.equal([
      ['two', 2],
      ['three\nlines', 3],
    ])
    expect(structured(await logged({}, true))).to.have.length(3)
    expect(await logged({RAG_LOG_LEVEL: 'silent'})).to.deep.equal([])
  })
})
