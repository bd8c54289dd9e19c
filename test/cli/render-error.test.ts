import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {
  describeError,
  renderError,
  renderErrorJson,
  wantsDebug,
  wantsJson,
} from '../../src/cli/render-error.js'
import {ERROR_CODES, exitOf, RagError} from '../../src/lib/index.js'

describe('errors', () => {
  const documented = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 130])

  for (const code of ERROR_CODES) {
    it(`${code} has a documented exit code and a section in docs/errors.md`, () => {
      expect(documented.has(exitOf(code))).to.equal(true)
      expect(exitOf(code)).not.to.equal(0)
      const section = readFileSync('docs/errors.md', 'utf8')
        .split(/^## /m)
        .find((part) => part.startsWith(`${code}\n`))
      expect(section, `## ${code}`).to.be.a('string')
      expect(section).to.contain(`Exit code ${exitOf(code)}.`)
    })
  }

  it('docs/errors.md describes no code that is gone', () => {
    const described = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^## ([A-Z_]+)$/gm)].map(
      ([, code]) => code,
    )
    expect(described).to.have.members([...ERROR_CODES])
  })

  it('docs/exit-codes.md has every exit code', () => {
    const text = readFileSync('docs/exit-codes.md', 'utf8')
    for (const code of documented) expect(text).to.match(new RegExp(`^\\| +${code} \\|`, 'm'))
  })

  it('docs/exit-codes.md lists the errors of each exit code', () => {
    const text = readFileSync('docs/exit-codes.md', 'utf8')
    const listed = new Map<string, number>()
    for (const [, exit, codes = ''] of text.matchAll(/^- (\d+): ([A-Z_, ]+)$/gm))
      for (const code of codes.split(', ')) {
        expect(listed.has(code), code).to.equal(false)
        listed.set(code, Number(exit))
      }
    expect([...listed]).to.have.deep.members(ERROR_CODES.map((code) => [code, exitOf(code)]))
  })

  it('shows message and hint, and the stack only when asked', () => {
    const error = describeError(new RagError('USAGE', 'Bad.', {hint: 'Do this.'}))
    expect(renderError(error, false)).to.equal('rag: error: Bad.\n  Do this.\n')
    expect(renderError(error, true)).to.contain('render-error.test.ts')
    expect(JSON.parse(renderErrorJson(error))).to.deep.equal({
      error: {code: 'USAGE', message: 'Bad.', hint: 'Do this.'},
    })
  })

  it('calls anything unexpected a fault, and asks for a report', () => {
    const error = describeError(new TypeError('x is not a function'))
    expect(error).to.include({code: 'INTERNAL', exit: 1, message: 'TypeError: x is not a function'})
    expect(error.hint).to.contain('report')
    expect(describeError('a text').exit).to.equal(1)
  })

  it('shows causes with the stack', () => {
    const error = describeError(new RagError('STORE_UNUSABLE', 'no', {cause: new Error('disk on fire')}))
    expect(renderError(error, true)).to.contain('caused by: Error: disk on fire')
  })

  it('sees --json only where it is meant', () => {
    expect(wantsJson(['x', '--json'])).to.equal(true)
    expect(wantsJson(['--format', 'json'])).to.equal(true)
    expect(wantsJson(['--', '--json'])).to.equal(false)
    expect(wantsJson(['json'])).to.equal(false)
    expect(wantsJson(['--format'])).to.equal(false)
  })

  it('sees --debug and DEBUG=rag:*', () => {
    expect(wantsDebug(['--debug'], {})).to.equal(true)
    expect(wantsDebug([], {DEBUG: 'rag:*'})).to.equal(true)
    expect(wantsDebug([], {DEBUG: 'express,rag'})).to.equal(true)
    expect(wantsDebug(['--', '--debug'], {DEBUG: 'dragon'})).to.equal(false)
  })
})
