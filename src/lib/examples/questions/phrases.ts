/** How a language asks. `{x}` stands for a quoted term or heading, `{d}` for the quoted title that it stands under. */
export interface Phrases {
  /** Opening and closing quotation mark. */
  readonly quotes: readonly [string, string]
  /** What a term means. */
  readonly means: string
  readonly about: string
  readonly aboutIn: string
  /** What a list under a heading holds. */
  readonly list: string
  readonly listIn: string
  /** Which figures are given. */
  readonly figures: string
  readonly figuresIn: string
}

type Row = readonly [
  language: string,
  quotes: string,
  means: string,
  about: string,
  aboutIn: string,
  list: string,
  listIn: string,
  figures: string,
  figuresIn: string,
]

/** Phrases from rows; the quotation marks are given as one text with `x` between them. */
export function phrasesOf(rows: readonly Row[]): ReadonlyMap<string, Phrases> {
  return new Map(
    rows.map(([language, marks, means, about, aboutIn, list, listIn, figures, figuresIn]) => {
      const [open = '"', close = '"'] = marks.split('x')
      return [language, {quotes: [open, close], means, about, aboutIn, list, listIn, figures, figuresIn}]
    }),
  )
}

/** A phrase with its places filled. A quotation mark within becomes a single one. */
export function fill(
  {quotes}: Phrases,
  phrase: string,
  words: {readonly x: string; readonly d?: string},
): string {
  const [open, close] = quotes
  const quoted = (text: string): string =>
    open + text.replaceAll(open.trim(), "'").replaceAll(close.trim(), "'") + close
  return phrase.replace(/\{([xd])\}/g, (_, place: string) =>
    quoted((place === 'x' ? words.x : words.d) ?? ''),
  )
}
