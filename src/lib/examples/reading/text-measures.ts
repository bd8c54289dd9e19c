/** Letters of scripts that put no space between words; two of them count as a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu

/** Words of a text, near enough for limits. */
export function countWords(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0
  const spaced = unspaced === 0 ? text : text.replace(UNSPACED, ' ')
  return Math.ceil(unspaced / 2) + (spaced.match(WORD)?.length ?? 0)
}

/** What two questions (or answers) share that say the same: the letters and digits, whatever is between them. */
export function sameKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/** Share of letters, marks and digits among what is not white space. */
export function shareOfLetters(text: string): number {
  const solid = text.replaceAll(/\s+/g, '')
  const letters = solid.match(/[\p{L}\p{M}\p{N}]/gu)?.length ?? 0
  return solid.length === 0 ? 0 : letters / solid.length
}

/** Upper limit of what patterns are tried on. */
export const LONGEST_PATTERN_TEXT = 2000

/** Without marks of Markdown and reStructuredText, on one line: for patterns and questions, never for answers. */
export function plain(text: string): string {
  return text
    .slice(0, LONGEST_PATTERN_TEXT)
    .replaceAll(/!\[([^\][]{0,200})\]\([^()\s]{0,500}\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\([^()\s]{0,500}(?: "[^"]{0,200}")?\)/g, '$1')
    .replaceAll(/\[([^\][]{1,300})\]\[[^\][]{0,100}\]/g, '$1')
    .replaceAll(/:[a-z:-]{2,20}:`([^`<]{1,200})(?: <[^>`]{1,200}>)?`/g, '$1')
    .replaceAll(/`([^`<]{1,200}) <[^>`]{1,300}>`__?/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)([^*_]{1,300})\1/g, '$2')
    .replaceAll(/(?<![\p{L}\p{N}*])\*(?=\S)([^*]{1,200})\*(?![\p{L}\p{N}*])/gu, '$1')
    .replaceAll(/(?<![\p{L}\p{N}_])_(?=\S)([^_]{1,200})_(?![\p{L}\p{N}_])/gu, '$1')
    .replaceAll(/<\/?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?>/gi, '')
    .replaceAll(/`+/g, '')
    .replaceAll(/\{#[^{}]{0,80}\}/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
