import {readdirSync, readFileSync, existsSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {countTokens} from '../../../../src/lib/text/chunking/count-tokens.js'
import {createChunker} from '../../../../src/lib/text/chunking/create-chunker.js'
import type {Chunk} from '../../../../src/lib/model/chunk.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {TextFormat} from '../../../../src/lib/model/document.js'
import {chunkerContract, documentOf, expectContract, FORMATS} from '../../../contract/chunker.contract.js'

const under = {create: createChunker, countTokens}
chunkerContract('createChunker', () => under)

function cut(text: string, format: TextFormat, size = 64, overlap = 0): readonly Chunk[] {
  return expectContract(under, {size, overlap}, documentOf(text, format))
}

const words = (count: number): string =>
  Array.from({length: count}, (_, at) => `word${at % 7}`.slice(0, 4)).join(' ')

describe('createChunker', () => {
  it('refuses sizes that the port does not allow', () => {
    for (const options of [
      {size: 7, overlap: 0},
      {size: 64, overlap: 64},
      {size: 64, overlap: -1},
      {size: 9.5, overlap: 0},
    ]) {
      expect(() => createChunker(options))
        .to.throw(RagError)
        .with.property('code', 'CONFIG_INVALID')
    }
  })

  describe('of Markdown', () => {
    it('gives each chunk the path of its headings, ATX and Setext', () => {
      const body = `${words(40)}.\n\n`
      const text = `Top\n===\n\n${body}## One \`code\` ##\n\n${body}### [Deep](x.md)\n\n${body}## Two\n\n${body}`
      expect(cut(text, 'markdown').map((chunk) => chunk.heading)).to.deep.equal([
        ['Top'],
        ['Top', 'One code'],
        ['Top', 'One code', 'Deep'],
        ['Top', 'Two'],
      ])
    })

    it('takes no # inside a fence for a heading', () => {
      const text = `# Real\n\n${words(20)}\n\n\`\`\`sh\n# not a heading\nls\n\`\`\`\n\n${words(60)}\n`
      for (const chunk of cut(text, 'markdown')) expect(chunk.heading).to.deep.equal(['Real'])
    })

    it('keeps fences, tables and list items whole when they fit', () => {
      const fence = `\`\`\`\n${`${words(5)}\n`.repeat(8)}\`\`\``
      const table = `| a | b |\n|---|---|\n${'| word | word |\n'.repeat(9)}`
      const item = `- ${words(30)}\n  ${words(15)}\n`
      const text = [words(50), fence, words(30), table, words(50), item.repeat(3), words(30)].join('\n\n')
      const chunks = cut(text, 'markdown', 64, 16)
      for (const block of [fence, table.trim()]) {
        expect(chunks.filter((chunk) => chunk.text.includes(block)).length).to.equal(1)
      }
      expect(chunks.filter((chunk) => chunk.text.includes(item.trim())).length).to.equal(3)
    })

    it('keeps a heading with what follows it', () => {
      const text = `# A\n\n${words(50)}.\n\n## B\n\n${words(20)}. ${words(60)}. End.\n`
      const chunks = cut(text, 'markdown')
      expect(chunks.find((chunk) => chunk.text.includes('## B'))!.text).to.match(/^## B\n\nword/)
    })

    it('puts tiny sections together under what they share, and repeats nothing across a heading', () => {
      const small = cut('# T\n\n## A\n\none\n\n## B\n\ntwo\n', 'markdown')
      expect(small.map((chunk) => chunk.heading)).to.deep.equal([['T']])
      for (const chunk of cut(`# A\n\n${words(40)}. Last.\n\n# B\n\n${words(40)}.\n`, 'markdown', 64, 16)) {
        expect(chunk.overlap).to.equal(0)
      }
    })

    it('reads on past the part that is parsed at a time, fences included', () => {
      const section = `# Title\n\n${words(30)}.\n\n\`\`\`\n# no title\n\`\`\`\n\n`
      const text = `\`\`\`\n${'# still no title\n'.repeat(60_000)}\`\`\`\n\n${section.repeat(2_000)}`
      const chunks = cut(text, 'markdown', 256)
      expect(new Set(chunks.map((chunk) => chunk.heading.join('/')))).to.deep.equal(new Set(['', 'Title']))
      expect(chunks.filter((chunk) => chunk.text.startsWith('# Title')).length).to.be.at.least(1_000)
    })
  })

  describe('of text', () => {
    it('prefers paragraphs, then sentences', () => {
      const text = `${words(40)}.\n\n${words(40)}. Next ${words(34)}. Last ${words(34)}.`
      const chunks = cut(text, 'text')
      expect(chunks.map((chunk) => chunk.text.trim().split(' ')[0])).to.deep.equal([
        'word',
        'word',
        'Next',
        'Last',
      ])
    })

    it('knows underlined and overlined titles', () => {
      const text = `=====\nTitle\n=====\n\n${words(40)}.\n\nPart one\n--------\n\n${words(40)}.\n\nPart two\n--------\n\n${words(40)}.\n`
      expect(cut(text, 'text').map((chunk) => chunk.heading)).to.deep.equal([
        ['Title'],
        ['Title', 'Part one'],
        ['Title', 'Part two'],
      ])
    })

    it('repeats the last sentence, not more than was asked for', () => {
      const text = Array.from({length: 40}, (_, at) => `Sentence ${at} has words.`).join(' ')
      const chunks = cut(text, 'text', 64, 16)
      expect(chunks.length).to.be.greaterThan(3)
      for (const chunk of chunks.slice(1)) {
        const repeated = chunk.text.slice(0, chunk.overlap)
        expect(repeated).to.match(/^Sentence /)
        expect(countTokens(repeated)).to.be.within(8, 16)
      }
    })
  })

  it('cuts code at definitions, with what stands above them, and names them', () => {
    const body = `    ${words(40)}\n\n`
    const text = `import os\n\n\n# About one.\n@decorated\ndef one():\n${body}class Two:\n    def three(self):\n    ${body}`
    const chunks = cut(text, 'code')
    expect(chunks.map((chunk) => chunk.heading)).to.deep.equal([['one'], ['Two']])
    expect(chunks[0]!.text).to.include('# About one.\n@decorated\ndef one')
    expect(chunks[1]!.text).to.match(/^class Two/)
  })

  it('cuts no record that fits, and repeats none', () => {
    const rows = Array.from({length: 50}, (_, at) => `row ${at} ${words(at % 40)}`)
    const chunks = cut(rows.join('\n'), 'records', 64, 32)
    for (const row of rows)
      expect(chunks.filter((chunk) => chunk.text.split('\n').includes(row)).length).to.equal(1)
    for (const chunk of chunks) expect(chunk.overlap).to.equal(0)
  })

  it('keeps the contract on real documents in every format', function () {
    const roots = ['docs/rust-book', 'docs/restic-doc', 'docs/llm-docs', 'parsers/text']
    const data = path.resolve('../shared/data')
    if (!existsSync(data)) {
      console.log(`      skipped: no test data at ${data}`)
      this.skip()
    }
    const files = roots
      .flatMap((root) => filesUnder(path.join(data, root)))
      .filter((file) => /\.(mdx?|rst|txt)$/.test(file))
    expect(files.length).to.be.greaterThan(100)
    for (const file of files.filter((_, at) => at % 4 === 0)) {
      const text = readFileSync(file, 'utf8').slice(0, 200_000)
      for (const format of FORMATS) expectContract(under, {size: 128, overlap: 16}, documentOf(text, format))
    }
  })

  it('takes time that grows with the text, whatever is in it', () => {
    for (const unit of ['>', '- ', '[', '`', '#\n', '# a\n', '- a\n', '? ', 'a\n\n', '.', '|a', 'x']) {
      for (const format of FORMATS) cut(`a\n\n${unit.repeat(20_000)}`, format, 256, 32)
    }
  }).timeout(10_000)
})

function filesUnder(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}
