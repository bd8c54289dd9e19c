import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {askAbout, ASKING_LANGUAGES, type Asked} from '../../../src/lib/examples/questions/ask-about.js'

const ASKED: readonly Asked[] = ['means', 'about', 'list', 'figures']

describe('askAbout', () => {
  it('asks in every language that the analyser has rules for, and those of the judged collections', () => {
    const rules = readFileSync('src/lib/text/analysis/load-rules.ts', 'utf8')
    const ruled = [...rules.matchAll(/^ {2}\['(\w+)', \(\) => load/gm)].map(([, language]) => language!)
    expect(ruled.length).to.be.greaterThan(25)
    const judged = 'ar de el en es hi ru th tr vi zh ro'.split(' ')
    expect(ASKING_LANGUAGES).to.include.members([...ruled, ...judged])
  })

  for (const language of ASKING_LANGUAGES)
    it(`${language}: each question holds what it is about, quoted, and asks`, () => {
      for (const asked of ASKED) {
        const alone = askAbout(language, asked, {subject: 'Xy', within: undefined})
        const inside = askAbout(language, asked, {subject: 'Xy', within: 'Zw'})
        for (const question of [alone, inside]) {
          expect(question).to.match(/["„“”«»「][\s ]?Xy[\s ]?["“”«»」]/)
          expect(question).not.to.match(/[{}]/)
          if (!['th', 'hy'].includes(language)) expect(question).to.match(/[?？؟;]$/)
        }
        if (asked !== 'means') expect(inside).to.contain('Zw')
      }
    })

  it('keeps quotation marks of a title from closing its own', () => {
    expect(askAbout('en', 'means', {subject: 'a "b" c'})).to.equal('What does "a \'b\' c" mean?')
  })

  it('does not name a document within itself', () => {
    expect(askAbout('en', 'about', {subject: 'Tides', within: 'Tides'})).to.equal(
      'What is said about "Tides"?',
    )
  })
})
