import {existsSync} from 'node:fs'
import {expect} from 'chai'
import {detectLanguage} from '../../../../src/lib/text/analysis/detect-language.js'
import {JUDGED_DIR, readCollection} from './judged-collection.js'

describe('detectLanguage', () => {
  const told: readonly (readonly [language: string, text: string])[] = [
    ['en', 'The quick brown fox jumps over the lazy dog.'],
    ['fr', "Le renard brun saute par-dessus le chien paresseux qui dort dans l'herbe."],
    ['it', 'La volpe salta sopra il cane che dorme nella casa della nonna.'],
    ['pt', 'A raposa não pulou sobre o cão que estava com uma pessoa.'],
    ['nl', 'De snelle vos springt over het hek en de hond wordt niet wakker.'],
    ['sv', 'Räven hoppar över hunden och det är inte vad jag ville.'],
    ['pl', 'Szybki lis przeskoczył przez psa, który nie był zły.'],
    ['ja', '東京は日本の首都である。'],
    ['ko', '서울은 대한민국의 수도이다'],
    ['uk', 'Київ є столицею України, що розташована на Дніпрі.'],
    ['bg', 'София е столицата на България и се намира в Софийската котловина, която е голяма.'],
    ['fa', 'تهران پایتخت ایران است که در شمال کشور قرار دارد.'],
    ['he', 'ירושלים היא בירת ישראל'],
  ]
  for (const [language, text] of told) {
    it(`tells ${language}`, () => expect(detectLanguage(text, '?')).to.equal(language))
  }

  it('returns the fallback for names, numbers, code and nothing', () => {
    const code =
      'def add(a, b):\n  if a is None or b is None:\n    return a\n  for x in range(10):\n    del y[x]\n  return a + b\n'
    for (const text of ['', '12345 678', 'Los Angeles Lakers', code.repeat(5), '\ud800\u0000']) {
      expect(detectLanguage(text, 'xx'), text).to.equal('xx')
    }
  })

  it('tells at least 98 % of the paragraphs of each xquad language', function () {
    if (!existsSync(JUDGED_DIR)) {
      console.log(`      skipped: ${JUDGED_DIR} is absent`)
      this.skip()
    }
    for (const language of 'ar de el en es hi ro ru th tr vi zh'.split(' ')) {
      const {documents} = readCollection(`xquad/${language}`)
      const right = documents.filter(({text}) => detectLanguage(text, '?') === language).length
      expect(right / documents.length, language).to.be.at.least(0.98)
    }
  })
})
