import {expect} from 'chai'
import {candidatesOf, asTexts} from './candidate-cases.js'

describe('CandidateFinder', () => {
  it('asks for what stands under a heading, in its document', async () => {
    const text = '# Leave\n\n## Sick leave\n\nEvery employee has a right to thirty days of it a year.\n'
    expect(asTexts(await candidatesOf(text, {title: 'Leave'}))).to.deep.equal([
      'section What does "Leave" say about "Sick leave"? → Every employee has a right to thirty days of it a year.',
    ])
  })

  it('keeps a heading that is a question, and makes one of a heading that asks', async () => {
    const answer = 'Give them room before they need it.'
    const asked = async (heading: string, language = 'en'): Promise<string | undefined> =>
      (await candidatesOf(`## ${heading}\n\n${answer}\n`, {language}))[0]?.question
    expect(await asked('How do I keep them from flying away?')).to.equal(
      'How do I keep them from flying away?',
    )
    expect(await asked('How to Install It')).to.equal('How do you install It?')
    expect(await asked('How the index works')).to.equal('How does the index work?')
    expect(await asked('Wie installiere ich das Programm', 'de')).to.equal(
      'Wie installiere ich das Programm?',
    )
    expect(await asked('Cómo instalar el programa', 'es')).to.equal('¿Cómo instalar el programa?')
    expect(await asked('Comment installer le programme', 'fr')).to.equal('Comment installer le programme ?')
    expect(await asked('Что такое индекс', 'ru')).to.equal('Что такое индекс?')
    expect(await asked('如何安装', 'zh')).to.equal('如何安装？')
    expect(await asked('Kubernetes nedir', 'tr')).to.equal('Kubernetes nedir?')
    expect(await asked('वर्षा क्या है', 'hi')).to.equal('वर्षा क्या है?')
  })

  it('takes a list with the sentence that announces it', async () => {
    const text = '# Reefing\n\nIt takes two people and four steps:\n\n- ease the sheet\n- lower the halyard\n'
    expect(asTexts(await candidatesOf(text))).to.deep.equal([
      'list What is listed under "Reefing"? → It takes two people and four steps:\n\n- ease the sheet\n- lower the halyard',
    ])
  })

  it('takes code with the sentence that announces it, unless something stands between them', async () => {
    const found = async (between: string): Promise<string[]> =>
      asTexts(
        await candidatesOf(
          `# Copies\n\nThis command makes a copy of the folder:\n\n${between}\`\`\`sh\nrag backup DIR\n\`\`\`\n`,
        ),
      )
    expect(await found('')).to.deep.equal([
      'section What is said about "Copies"? → This command makes a copy of the folder:\n\n```sh\nrag backup DIR\n```',
    ])
    for (const between of [
      '<!-- since 0.1 -->\n\n',
      '![](copy.png)\n\n',
      '[a]: http://a.test\n\n',
      '---\n\n',
      '> Somebody said this.\n\n',
    ])
      expect(await found(between), between).to.deep.equal([])
  })

  it('takes terms of definition lists, glossaries, tables and bold entries', async () => {
    const rst = '# Words on board\n\nReef\n   To make a sail smaller than it was.\n'
    expect(asTexts(await candidatesOf(rst))).to.deep.equal([
      'definition What does "Reef" mean? → To make a sail smaller than it was.',
    ])
    const markdown = 'Reef\n: To make a sail smaller than it was.\n'
    expect((await candidatesOf(markdown))[0]).to.include({
      kind: 'definition',
      question: 'What does "Reef" mean?',
    })
    const table = '# Glossary\n\n| Term | Meaning |\n| --- | --- |\n| Luff | The front edge of a sail. |\n'
    expect(asTexts(await candidatesOf(table))).to.deep.equal([
      'definition What does "Luff" mean? → The front edge of a sail.',
    ])
    const bold =
      '# Steps\n\nSome words first of all.\n\n- **Install** – copy the program into a folder\n- `--force`: write over what is there\n'
    const entries = (await candidatesOf(bold, {title: 'Guide'})).filter(({kind}) => kind === 'entry')
    expect(asTexts(entries)).to.deep.equal([
      'entry What does "Steps" say about "Install"? → copy the program into a folder',
      'entry What does "Steps" say about "--force"? → write over what is there',
    ])
  })

  it('takes sentences that explain, give figures, or speak of a name', async () => {
    const text =
      'A colony is a family of bees in one hive. Last year the Larkspur Beekeeping Club counted 340 of them in the valley. Every spring members of the Larkspur Beekeeping Club meet beside the river.'
    expect(asTexts(await candidatesOf(text))).to.deep.equal([
      'definition What does "colony" mean? → A colony is a family of bees in one hive.',
      'figure Which figures are given on "Larkspur Beekeeping Club"? → Last year the Larkspur Beekeeping Club counted 340 of them in the valley.',
      'sentence What is said about "Larkspur Beekeeping Club"? → Every spring members of the Larkspur Beekeeping Club meet beside the river.',
    ])
  })

  for (const [language, sentence, question] of [
    ['de', 'Ein Schwarm ist ein Teil des Volkes mit der alten Königin.', 'Was bedeutet „Schwarm“?'],
    ['fr', 'Un essaim est une partie de la colonie avec la vieille reine.', 'Que signifie « essaim » ?'],
    ['es', 'Un enjambre es una parte de la colonia con la reina vieja.', '¿Qué significa «enjambre»?'],
    ['it', 'Uno sciame è una parte della colonia con la vecchia regina.', 'Che cosa significa «sciame»?'],
    ['pt', 'Um enxame é uma parte da colónia com a rainha velha.', 'O que significa «enxame»?'],
    ['nl', 'Een zwerm is een deel van het volk met de oude koningin.', 'Wat betekent "zwerm"?'],
    ['ro', 'Un roi este o parte a coloniei cu regina bătrână.', 'Ce înseamnă „roi”?'],
    ['ru', 'Рой — это часть семьи со старой маткой.', 'Что означает «Рой»?'],
    ['uk', 'Рій — це частина сім’ї зі старою маткою.', 'Що означає «Рій»?'],
    ['el', 'Ένα σμήνος είναι ένα μέρος της αποικίας με τη γριά βασίλισσα.', 'Τι σημαίνει «σμήνος»;'],
    ['id', 'Kawanan adalah sebagian koloni dengan ratu yang tua.', 'Apa arti "Kawanan"?'],
    ['sv', 'En svärm är en del av samhället med den gamla drottningen.', 'Vad betyder ”svärm”?'],
  ] as const)
    it(`finds a definition in ${language} and asks in it`, async () => {
      const [candidate] = await candidatesOf(sentence, {language})
      expect(candidate).to.include({kind: 'definition', question, answer: sentence})
    })

  for (const [language, text, question] of [
    ['zh', '# 蜂群\n\n蜂群是一种由许多蜜蜂组成的社会，蜂群有一只蜂王。', '“蜂群”是什么意思？'],
    [
      'ja',
      '# 分蜂\n\n分蜂とは、古い女王が群れの半分と巣を離れることである。',
      '「分蜂」とはどういう意味ですか？',
    ],
    ['th', '# ผึ้ง\n\nผึ้ง คือแมลงที่อาศัยอยู่รวมกันเป็นฝูงใหญ่ในรังเดียวกัน', '"ผึ้ง" หมายถึงอะไร'],
    ['hi', '# झुंड\n\nझुंड एक रानी के साथ रहने वाली मधुमक्खियों का समूह होता है।', '"झुंड" का क्या अर्थ है?'],
    ['ar', '# السرب\n\nالسرب هو جزء من الخلية مع الملكة القديمة.', 'ما معنى «السرب»؟'],
    ['vi', '# Đàn ong\n\nĐàn ong là một nhóm ong sống chung trong một tổ.', '"Đàn ong" nghĩa là gì?'],
    [
      'tr',
      '# Oğul\n\nOğul, yaşlı ana arı ile kovandan ayrılan arıların oluşturduğu bir topluluktur.',
      '"Oğul" ne demektir?',
    ],
  ] as const)
    it(`finds a definition of what a heading names in ${language}`, async () => {
      const questions = (await candidatesOf(text, {language})).map((candidate) => candidate.question)
      expect(questions).to.include(question)
    })

  it('falls back to the plain heading in a language that has no phrases', async () => {
    const [candidate] = await candidatesOf('# ქართული სათაური\n\nეს არის ერთი წინადადება ამ სათაურის ქვეშ.', {
      language: 'ka',
    })
    expect(candidate?.question).to.equal('ქართული სათაური')
  })

  it('makes nothing of navigation, code, markup, fragments and short answers', async () => {
    for (const text of [
      '# See also\n\nThe handbook has a page about all of these.\n',
      '# Guides\n\n- [One](one.md)\n- [Two](two.md)\n- [Three](three.md)\n',
      '# Usage\n\n```sh\nrag ingest --dir docs\n```\n',
      '# Empty\n\n# Yes\n\nIt is so.\n',
      '# Picture\n\n![a picture of a hive with bees](hive.png)\n',
      '# Quote\n\n> Somebody said this once upon a time.\n',
      '{{#include ../listings/ch04/main.rs}}\n',
      'and went on from the chunk before this one without a beginning.',
      '# Next steps\n\n1. Read the next chapter of this very book.\n2. Then read the one after it.\n',
    ])
      expect(asTexts(await candidatesOf(text)), text).to.deep.equal([])
  })

  it('sees a heading that ends one chunk above the text of the next', async () => {
    const candidates = await candidatesOf(
      ['# Moving\n\n## The lease\n\n', 'Whoever holds the lease may write the corpus.\n'],
      {
        headings: [['Moving'], ['Moving', 'The lease']],
      },
    )
    expect(asTexts(candidates)).to.deep.equal([
      'section What does "Moving" say about "The lease"? → Whoever holds the lease may write the corpus.',
    ])
    expect(candidates[0]?.ordinals).to.deep.equal([2])
  })

  it('does not take a sentence that the end of a chunk cut off', async () => {
    const cut = [
      '# Tides\n\nA spring tide is a tide with the largest range of the whole',
      'month, at new and full moon.',
    ]
    expect(asTexts(await candidatesOf(cut))).to.deep.equal([])
  })

  it('reads a question and its answer in bold, and after Q and A', async () => {
    const bold = '**Who may come along?**\n\nEverybody who can swim and has a lifejacket.\n'
    const letters = 'Q: Who may come along with us?\nA: Everybody who can swim and has a lifejacket.\n'
    for (const text of [bold, letters])
      expect((await candidatesOf(text))[0], text).to.include({
        kind: 'question',
        answer: 'Everybody who can swim and has a lifejacket.',
      })
  })
})
