import {expect} from 'chai'
import {sentenceEnd} from '../../../../src/lib/text/sentences/sentence-end.js'

function sentences(text: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    const end = sentenceEnd(text, at, text.length)
    parts.push(text.slice(at, end).trim())
    at = end
  }
  return parts
}

describe('sentenceEnd', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    English: ['It works.', 'Does it?', '“Yes!” he said.', 'Then (he went.)', 'Version 3.14 is out.'],
    'English abbreviations': [
      'Dr. Smith met J. R. Hartley, e.g. Mr. X, at 5 p.m. on Main St. Nothing came.',
      'The end.',
    ],
    German: [
      'Am 3. Oktober, z. B. in Köln, traf Prof. Müller ein.',
      'Über Größe sprach er nicht.',
      'Äpfel gab es.',
    ],
    Chinese: ['今天天气很好。', '我们去公园吗？', '“好！”', '他说。'],
    Japanese: ['今日は晴れです。', '「行きましょう。」', '明日も。'],
    Hindi: ['यह पहला वाक्य है।', 'यह दूसरा वाक्य है।'],
    Arabic: ['ما هذا؟', 'هذا كتاب.', 'وهذا قلم.'],
    Urdu: ['یہ پہلا ہے۔', 'یہ دوسرا ہے۔'],
    Greek: ['Τι είναι αυτό;', 'Είναι ένα βιβλίο.'],
    Russian: ['Это стоит 5 тыс. рублей на ул. Ленина.', 'Да.'],
    'semicolons elsewhere': ['It is one; Two is the next.'],
  }
  for (const [name, parts] of Object.entries(cases)) {
    it(name, () => {
      const joined = parts.join(name === 'Chinese' || name === 'Japanese' ? '' : ' ')
      expect(sentences(joined)).to.deep.equal(parts)
    })
  }

  it('takes the lines of a list one by one', () => {
    expect(sentences('Things:\n- one\n- two\n10. three')).to.deep.equal([
      'Things:',
      '- one',
      '- two',
      '10. three',
    ])
  })
})
