/**
 * What a terminal would act on, or not show, made visible: controls (C0, DEL, C1), bidirectional controls, zero-width and other invisible
 * characters become `\u202e`. The form is that of JSON: a JSON document stays one, with the same values.
 */

/** Printable ASCII, line ends, tabs and the bulk of Latin, Greek and Cyrillic letters. */
const PLAIN = /^[\n\t\u0020-\u007e\u00a0-\u00ac\u00ae-\u034e\u0350-\u0482\u048a-\u0560]*$/

/** Where a joiner or a selector belongs to how a word or an emoji is written, and hides nothing. */
const LETTER_THAT_JOINS = String.raw`(?:(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{M}]|[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])`

const IN_PLACE = [
  // A flag of a region, whose letters are tags.
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}`,
  String.raw`(?<=${LETTER_THAT_JOINS})[\u200c\u200d](?=[\p{L}\p{M}\p{Extended_Pictographic}])`,
  // One selector of a character's form, after a character that is seen.
  String.raw`(?<=[\p{L}\p{M}\p{N}\p{P}\p{S}])(?<![\ufe00-\ufe0f])[\ufe00-\ufe0f]`,
  String.raw`(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]`,
  // Number and verse signs, which are seen.
  String.raw`[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]`,
].join('|')

const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]`

let hidden: RegExp | undefined

/** Makes visible what is neither text nor layout; line ends and tabs stay. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  // Built when it is needed: its tables take milliseconds.
  hidden ??= new RegExp(`${IN_PLACE}|(${UNSEEN})`, 'gu')
  return text.replaceAll(hidden, (found: string, unseen: string | undefined) =>
    unseen === undefined || unseen === '\n' || unseen === '\t' ? found : escaped(unseen),
  )
}

/** `visible` for text that brings colours of its own, such as the help of the frame: colours and nothing else pass. */
export function visibleButColours(text: string): string {
  const colours = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]{0,20}m)`)
  return PLAIN.test(text)
    ? text
    : text
        .split(colours)
        .map((part, i) => (i % 2 === 1 ? part : visible(part)))
        .join('')
}

const SHORT: Readonly<Record<string, string>> = {'\n': '\\n', '\t': '\\t', '\r': '\\r'}

/** A name on one line: an id, a path, a pattern. */
export function visibleName(text: string): string {
  return visible(text).replaceAll(/[\n\t]/g, (found) => SHORT[found]!)
}

/** Running text on one line: line ends and tabs are a space, hyphens that are only possible are left out. */
export function printable(text: string): string {
  return visible(text.replaceAll('\u00ad', '').replaceAll(/[\t-\r\u0085\u2028\u2029]+/g, ' '))
}

/** Running text with its lines. */
export function printableLines(text: string): string {
  return visible(text.replaceAll(/\u00ad|\r(?=\n)/g, ''))
}

function escaped(character: string): string {
  return (
    SHORT[character] ??
    Array.from(
      {length: character.length},
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join('')
  )
}
