import type {Hit, Snippet} from '../../lib/index.js'

/**
 * The snippet of a hit without the Markdown headings at its start that the reader has just seen: those that equal the last
 * element of the hit's heading path, or its title. The marks are shifted; a snippet of nothing but headings stays as it is.
 */
export function withoutHeading({text, heading, title, snippet}: Hit): Snippet {
  const seen = [heading.at(-1), title].flatMap((word) => (word === undefined ? [] : [joined(word)]))
  let from = 0
  // The lines are those of the chunk: in a snippet they are joined by spaces.
  for (const line of text
    .slice(0, snippet.text.length + 1024)
    .split('\n')
    .map(joined)) {
    if (line === '') continue
    const words = /^#{1,6} (.*)$/.exec(line)?.[1]?.replace(/ #+$/, '')
    if (words === undefined || !seen.includes(words)) break
    if (!snippet.text.startsWith(`${line} `, from)) break
    from += line.length + 1
  }
  return {
    text: snippet.text.slice(from),
    marks: snippet.marks
      .filter(([, end]) => end > from)
      .map(([start, end]) => [Math.max(0, start - from), end - from] as const),
  }
}

function joined(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
