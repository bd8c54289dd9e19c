import {expect} from 'chai'
import fc from 'fast-check'
import {systemDigest} from '../../src/lib/adapters/system/digest.js'
import {DocumentChoice, SeenTexts} from '../../src/lib/examples/choose-examples.js'
import {countWords} from '../../src/lib/examples/reading/text-measures.js'
import {candidatesOf} from '../lib/examples/candidate-cases.js'

const LINES = [
  '# Title',
  '## Who may come?',
  '### How to begin',
  '',
  '',
  'A colony is a family of bees in one hive.',
  'The Larkspur Beekeeping Club counted 340 of them.',
  '- **Term** – what it means to those who use it',
  '- a plain item of a list',
  '| a | b |',
  '| --- | --- |',
  '| Luff | The front edge of a sail. |',
  '```',
  'code()',
  '> quoted text of somebody else',
  'Term',
  ': what it means to those who use it',
  '   indented text that belongs to it',
  'Term: what it means to those who use it.',
  'Рой — это часть семьи со старой маткой.',
  '蜂群是一种由许多蜜蜂组成的社会。',
  'ผึ้ง คือแมลงที่อาศัยอยู่รวมกันเป็นฝูงใหญ่',
  '🐝🐝',
  '<div>',
  '{{x}}',
  '====',
  'item: Rye loaf; weight: 1000; price: 5.20; days: Tue',
  '\t',
  '[link](x.md)',
  'ﬁ \u0000 \ud800',
]
const text = fc
  .array(
    fc.oneof({weight: 9, arbitrary: fc.constantFrom(...LINES)}, fc.string({unit: 'binary', maxLength: 60})),
    {maxLength: 40},
  )
  .map((lines) => lines.join('\n'))
const language = fc.constantFrom('en', 'de', 'ru', 'zh', 'th', 'hi', 'tr', 'ka')

describe('examples made of any text', function () {
  this.timeout(120_000)

  it('answer word for word from the chunk they name, with a question and four words at least', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, {minLength: 1, maxLength: 4}), language, async (chunks, tag) => {
        for (const {question, answer, ordinals, span, quality} of await candidatesOf(chunks, {
          language: tag,
          title: 'Bees',
        })) {
          const chunk = chunks[ordinals[0]! - 1]!
          expect(chunk.slice(span!.start, span!.end)).to.equal(answer)
          expect(countWords(answer)).to.be.at.least(4)
          expect(question.trim()).not.to.equal('')
          expect(quality).to.be.within(1, 10)
        }
      }),
      {numRuns: 400},
    )
  })

  it('are the same again, in whatever order the candidates come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, {minLength: 1, maxLength: 4}), fc.nat(9), async (chunks, seed) => {
        const candidates = await candidatesOf(chunks)
        expect(await candidatesOf(chunks)).to.deep.equal(candidates)
        const chosen = (all: typeof candidates): unknown => {
          const choice = new DocumentChoice(systemDigest, {seed, limit: 3})
          for (const one of all) choice.add([one])
          return choice.choose(new SeenTexts(systemDigest)).candidates
        }
        expect(chosen([...candidates].reverse())).to.deep.equal(chosen(candidates))
      }),
      {numRuns: 200},
    )
  })

  it('are looked for in time that grows with the text, whatever is in it', async () => {
    const timed = async (piece: string, times: number): Promise<number> => {
      const start = performance.now()
      await candidatesOf(piece.repeat(times))
      return performance.now() - start
    }
    for (const piece of [
      'A',
      '<',
      '**a',
      '| ',
      '- a\n',
      'a: ',
      'Aa ',
      '[a](',
      'A is a ',
      '`',
      '"',
      '(',
      '# a\n',
      'Aa is a b. ',
      'ก ',
      'a\n  b\n\n',
      '1. ',
      ': x\n',
    ]) {
      await timed(piece, 100)
      expect(await timed(piece, 60_000 / piece.length), JSON.stringify(piece)).to.be.lessThan(3000)
    }
  })
})
