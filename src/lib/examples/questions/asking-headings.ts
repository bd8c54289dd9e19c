/** A heading that asks without a question mark, and the question that it asks. */
type Rule = readonly [heading: RegExp, question: string]

/** By language; the first rule that matches is taken. The patterns are anchored and see at most 200 characters. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  en: [
    [/^How to (?!.*\bhow to\b)(.+)$/i, 'How do you $1?'],
    [/^How (.+) works$/i, 'How does $1 work?'],
    [/^How (.+) work$/i, 'How do $1 work?'],
    [
      /^((?:what|how|why|when|where|who|which) (?:is|are|was|were|do|does|did|can|could|should|would|will|happens|makes)\b.+)$/i,
      '$1?',
    ],
    [/^(how (?:many|much|often|long|far)\b.+)$/i, '$1?'],
  ],
  de: [
    [
      /^((?:Wie|Was|Warum|Wann|Wo|Wer|Welche[rs]?|Weshalb|Wozu) (?!man ).*(?:ist|sind|ich|wir|Sie)(?: .*)?)$/,
      '$1?',
    ],
  ],
  fr: [[/^((?:Comment|Pourquoi|Où|Quand|Qu['’]est-ce|Que faire|À quoi)(?=[\s-]).+)$/, '$1 ?']],
  es: [[/^((?:Cómo|Por qué|Qué es|Qué son|Cuándo|Dónde|Cuál|Cuáles) .+)$/, '¿$1?']],
  it: [[/^((?:Come|Perché|Che cos['’]è|Cos['’]è|Che cosa sono|Cosa sono|Quando|Dove) .+)$/, '$1?']],
  pt: [[/^((?:Como|Por que|O que é|O que são|Quando|Onde) .+)$/, '$1?']],
  nl: [
    [/^((?:Hoe|Wat|Waarom|Wanneer|Waar) (?:is|zijn|kan|kun|moet|werkt|doe|gebruik|installeer) .+)$/, '$1?'],
  ],
  ro: [[/^((?:Cum|De ce|Ce este|Ce sunt|Când|Unde) .+)$/, '$1?']],
  tr: [[/^(.+ (?:nedir|nelerdir|kimdir|nasıl \S+))$/, '$1?']],
  vi: [[/^((?:Làm thế nào|Tại sao|Vì sao|Khi nào) .+|.+ là gì)$/, '$1?']],
  id: [[/^((?:Bagaimana|Mengapa|Apa itu|Kapan|Di mana) .+)$/, '$1?']],
  pl: [[/^((?:Jak|Dlaczego|Co to jest|Kiedy|Gdzie) .+)$/, '$1?']],
  cs: [[/^((?:Jak|Proč|Co je|Kdy|Kde) .+)$/, '$1?']],
  ru: [[/^((?:Как|Почему|Что такое|Зачем|Когда|Где) .+)$/, '$1?']],
  uk: [[/^((?:Як|Чому|Що таке|Навіщо|Коли|Де) .+)$/, '$1?']],
  el: [[/^((?:Πώς|Πως|Γιατί|Τι είναι|Πότε|Πού) .+)$/, '$1;']],
  ar: [[/^((?:كيف|لماذا|ما هو|ما هي|متى|أين|هل) .+)$/, '$1؟']],
  hi: [[/^(.*(?:क्या (?:है|हैं)|कैसे करें))$/, '$1?']],
  th: [[/^(.+(?:อย่างไร|คืออะไร|เมื่อไร|เมื่อไหร่|ที่ไหน|ได้ไหม)|ทำไม.+)$/, '$1']],
  zh: [[/^((?:如何|怎么|怎样|为什么|为何|什么是).+|.+(?:是什么|吗|呢))$/, '$1？']],
  ja: [
    [/^(.+とは)$/, '$1何ですか？'],
    [/^(.+(?:ですか|でしょうか|ますか))$/, '$1？'],
  ],
  ko: [[/^(.+(?:무엇인가|입니까|인가요|나요|까요))$/, '$1?']],
}

const LONGEST = 200
const MARK = /[?？؟⸮]\s*["”»)]?$|՞/

/** `How do you Use …` of a heading in title case. */
const lowered = (_: string, before: string, letter: string): string => before + letter.toLowerCase()

/** The question that a heading asks; undefined when it asks none. One with a question mark is kept as it is. */
export function questionOfHeading(heading: string, language: string): string | undefined {
  const title = heading.replace(/^(?:\d+(?:\.\d+)*[.)]?|Q\d*[:.)])\s+/, '').trim()
  if (title.length > LONGEST || !/[\p{L}]/u.test(title)) return undefined
  if (MARK.test(title))
    return title.replace(/(?:\s*[?？]){2,}$/, '?').replace(/ +(?=[?？]$)/, language === 'fr' ? ' ' : '')
  if (language === 'el' && /[;;]$/.test(title)) return title
  for (const [pattern, question] of RULES[language] ?? [])
    if (pattern.test(title))
      return title.replace(pattern, question).replace(/^(How do you )(\p{Lu})(?=\p{Ll})/u, lowered)
  return undefined
}
