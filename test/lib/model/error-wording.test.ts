import {readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {ERROR_CODES} from '../../../src/lib/model/errors/error-table.js'

const FOLDER = 'src/lib/model/errors'
const NOT_MAKERS = ['error-table.ts', 'questions.ts', 'rag-error.ts']
const makers = readdirSync(FOLDER)
  .filter((file) => !NOT_MAKERS.includes(file))
  .map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'))
  .join('\n')

/** Ids of commands as they are typed: "docs list". */
const commands = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, '').replaceAll(/[\\/]/g, ' '))

describe('the wording of errors', () => {
  it('has a maker for every code', () => {
    const unused = ERROR_CODES.filter((code) => !makers.includes(`'${code}'`))
    expect(unused).to.deep.equal([])
  })

  it('says no text twice', () => {
    const texts = [...makers.matchAll(/new RagError\(\s*'\w+',\s*(`[^`]*`|'[^']*')/g)].map(
      ([, text]) => text!,
    )
    expect(texts.length).to.be.greaterThan(100)
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).to.deep.equal([])
  })

  it('names no command that there is none of', () => {
    const named = [...makers.matchAll(/(?:: |or: |Try: |^)rag ([a-z]+(?: [a-z]+)?)/gm)].map(
      ([, words]) => words!,
    )
    expect(named.length).to.be.greaterThan(20)
    const isCommand = (words: string): boolean =>
      commands.includes(words) || commands.includes(words.split(' ')[0]!)
    expect(named.filter((words) => !isCommand(words))).to.deep.equal([])
  })
})
