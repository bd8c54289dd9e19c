/** A term, its words free of marks that divide a sentence. */
const TERM = '(?<term>[^.,;:!?()"“”„«»]{2,60}?)'
const pattern = (source: string): RegExp => new RegExp(source.replace('TERM', TERM), 'u')

/**
 * Sentences that say what a thing is, by language: anchored, and the term is the group `term`. Languages that have none here are served by
 * headings and lists of terms.
 */
const PATTERNS: Readonly<Record<string, readonly RegExp[]>> = {
  en: [
    pattern(`^(?:(?:An?|The)\\s+)?TERM\\s+(?:is|are)\\s+(?:an?|the|any|one of the|one of)\\s`),
    pattern(`^(?:(?:An?|The)\\s+)?TERM,?\\s+(?:means|refers to|stands for|denotes)\\s`),
  ],
  de: [
    pattern(`^(?:(?:Eine?|Der|Die|Das)\\s+)?TERM\\s+(?:ist|sind)\\s+(?:eine?|einer|der|die|das)\\s`),
    pattern(`^(?:(?:Eine?|Der|Die|Das)\\s+)?TERM\\s+(?:bezeichnet|bedeutet|steht für|nennt man)\\s`),
    pattern(`^(?:Als|Unter)\\s+TERM\\s+(?:bezeichnet man|versteht man)\\s`),
  ],
  fr: [
    pattern(`^(?:(?:Une?|Les?|La)\\s+|L['’])?TERM\\s+(?:est|sont)\\s+(?:une?|les?|la|l['’]|des)\\s?`),
    pattern(`^(?:(?:Une?|Les?|La)\\s+|L['’])?TERM\\s+(?:désigne|désignent|signifie)\\s`),
  ],
  es: [
    pattern(`^(?:(?:Una?|El|La|Los|Las)\\s+)?TERM\\s+(?:es|son)\\s+(?:una?|el|la|los|las)\\s`),
    pattern(`^(?:(?:Una?|El|La|Los|Las)\\s+)?TERM\\s+(?:significa|se refiere a|designa)\\s`),
  ],
  it: [
    pattern(
      `^(?:(?:Una?|Uno|Il|Lo|La|I|Gli|Le)\\s+|L['’])?TERM\\s+(?:è|sono)\\s+(?:una?|uno|il|lo|la|i|gli|le|un['’]|l['’])\\s?`,
    ),
    pattern(`^(?:(?:Una?|Uno|Il|Lo|La|I|Gli|Le)\\s+|L['’])?TERM\\s+(?:significa|indica)\\s`),
  ],
  pt: [
    pattern(`^(?:(?:Uma?|O|A|Os|As)\\s+)?TERM\\s+(?:é|são)\\s+(?:uma?|o|a|os|as)\\s`),
    pattern(`^(?:(?:Uma?|O|A|Os|As)\\s+)?TERM\\s+(?:significa|refere-se a)\\s`),
  ],
  nl: [
    pattern(`^(?:(?:Een|De|Het)\\s+)?TERM\\s+(?:is|zijn)\\s+(?:een|de|het)\\s`),
    pattern(`^(?:(?:Een|De|Het)\\s+)?TERM\\s+(?:betekent|verwijst naar)\\s`),
  ],
  ro: [
    pattern(`^(?:(?:Un|O)\\s+)?TERM\\s+(?:este|sunt|reprezintă)\\s+(?:un|o|cel|cea|cei|cele)\\s`),
    pattern(`^(?:(?:Un|O)\\s+)?TERM\\s+(?:înseamnă|desemnează)\\s`),
  ],
  tr: [
    /^(?<term>[^.,;:!?()"“”]{2,60}[^.,;:!?()"“”\s])\s?, .{5,200}(?<=\s)(?:bir \S+[dt][ıiuü]r|biridir|adıdır|addır|denir)\.?$/u,
  ],
  vi: [
    pattern(`^(?:Một\\s+)?TERM\\s+là\\s+(?:một|loại|tên|quá trình|khái niệm|những|các)\\s`),
    pattern(`^TERM\\s+(?:có nghĩa là|nghĩa là|được định nghĩa là)\\s`),
  ],
  sv: [
    pattern(`^(?:(?:En|Ett)\\s+)?TERM\\s+(?:är)\\s+(?:en|ett|den|det)\\s`),
    pattern(`^TERM\\s+(?:betyder|avser)\\s`),
  ],
  da: [
    pattern(`^(?:(?:En|Et)\\s+)?TERM\\s+(?:er)\\s+(?:en|et|den|det)\\s`),
    pattern(`^TERM\\s+(?:betyder|betegner)\\s`),
  ],
  no: [
    pattern(`^(?:(?:En|Ei|Et)\\s+)?TERM\\s+(?:er)\\s+(?:en|ei|et|den|det)\\s`),
    pattern(`^TERM\\s+(?:betyr|betegner)\\s`),
  ],
  fi: [pattern(`^TERM\\s+(?:tarkoittaa)\\s`)],
  hu: [pattern(`^(?:(?:Az?|Egy)\\s+)?TERM\\s+(?:egy olyan|olyan)\\s`)],
  id: [pattern(`^TERM\\s+(?:adalah|merupakan|ialah|berarti)\\s`)],
  pl: [pattern(`^TERM\\s+(?:to|oznacza|jest to)\\s`)],
  cs: [pattern(`^TERM\\s+(?:znamená|označuje)\\s`)],
  lt: [pattern(`^TERM\\s+[–—-]\\s+tai\\s`)],
  ca: [pattern(`^(?:(?:Una?|El|La|Els|Les)\\s+|L['’])?TERM\\s+(?:és|són)\\s+(?:una?|el|la|els|les)\\s`)],
  ru: [
    pattern(`^TERM\\s+[–—-]\\s+(?:это\\s)?`),
    pattern(`^TERM\\s+(?:является|называется|означает|представляет собой)\\s`),
  ],
  uk: [pattern(`^TERM\\s+[–—-]\\s+(?:це\\s)?`), pattern(`^TERM\\s+(?:є|означає|називається)\\s`)],
  bg: [pattern(`^TERM\\s+(?:е|са|означава|представлява)\\s`)],
  el: [
    pattern(
      `^(?:Ο|Η|Το|Οι|Τα|Ένας|Μια|Μία|Ένα)\\s+TERM\\s+(?:είναι)\\s+(?:ένας|μια|μία|ένα|ο|η|το|οι|τα)\\s`,
    ),
    pattern(`^(?:(?:Ο|Η|Το|Οι|Τα)\\s+)?TERM\\s+(?:σημαίνει|ορίζεται ως)\\s`),
  ],
  ar: [/^(?<term>[^.،؛:!؟()"«»]{2,50}?)\s+(?:هو|هي|هم|تعني|يعني|يقصد بها|يقصد به)\s/u],
  hi: [/^(?<term>[^।,;:!?()"“”]{2,40}?)\s+(?:एक|का अर्थ|का मतलब)\s.{10,500}(?:है|हैं|था|थे|थी)\s*।?$/u],
  ne: [/^(?<term>[^।,;:!?()"“”]{2,40}?)\s+एक\s.{8,400}(?:हो)\s*।?$/u],
  th: [
    /^(?!ที่|ซึ่ง|นี่|สิ่ง|คน|มัน|โดย|จึง|และ|แต่|หนึ่ง|ผล|เป็น)(?<term>[^\s.,;:!?()"“”]{2,40}(?: [^\s.,;:!?()"“”]{2,30})?)\s?(?:คือ|หมายถึง|เป็นชื่อ)/u,
  ],
  zh: [
    /^(?:所谓)?(?<term>(?:(?![这那该就都也认说为])[^，。；：！？、（）《》“”\s]){2,12})(?:是指|指的是|是一种|是一个|是一类|是一门|是一项|意为|意思是)/u,
  ],
  ja: [/^(?<term>[^、。；：！？（）「」]{2,24})とは[、,]?/u],
  ko: [/^(?<term>[^.,;:!?()"“”]{2,30}?)(?:이란|란)\s/u],
}

/** The term that a sentence says the meaning of, without its article; undefined for other sentences. */
export function definedTerm(sentence: string, language: string): string | undefined {
  for (const one of PATTERNS[language] ?? []) {
    const term = one.exec(sentence)?.groups?.['term']?.trim()
    if (term !== undefined && term !== '') return term
  }
  return undefined
}
