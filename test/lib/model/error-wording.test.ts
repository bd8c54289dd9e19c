import {readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {ERROR_CODES} from '../../../src/lib/model/errors/error-table.js'

const FOLDER = 'src/lib/model/errors'
const NOT_MAKERS = ['error-table.ts', 'questions.ts', 'rag-error.ts']
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
const read = (file: string): string => readFileSync(file, 'utf8')
const withoutComments = (text: string): string => text.replaceAll(/\/\*[^]*?\*\//g, '')

const makers = filesBelow(FOLDER)
  .filter((file) => !NOT_MAKERS.some((name) => file === `${FOLDER}/${name}`))
  .map(read)
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

  it('says no sentence twice: what several errors say is in phrases.ts', () => {
    const texts = [
      ...withoutComments(makers).matchAll(/'((?:[^'\\\n]|\\.)+)'|"([^"\n]+)"|`((?:[^`\\]|\\.)+)`/g),
    ].map(([, single, double, template]) => (single ?? double ?? template)!)
    const sentences = texts.filter((text) => /^[A-Z].*\s.*\s/.test(text))
    expect(sentences.length).to.be.greaterThan(200)
    expect(sentences.filter((text, i) => sentences.indexOf(text) !== i)).to.deep.equal([])
  })

  it('is made in its folder alone', () => {
    const elsewhere = filesBelow('src').filter((file) => !file.startsWith(`${FOLDER}/`))
    expect(elsewhere.length).to.be.greaterThan(400)
    const wording = /\bnew RagError\(|errors\/usage\.js'|\bcode: '[A-Z]+_[A-Z_]+'/
    expect(elsewhere.filter((file) => wording.test(withoutComments(read(file))))).to.deep.equal([])
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
