import {markdownParagraphs} from './markdown-paragraphs.js'

/** A Markdown text to stand below a heading: its own are so many levels deeper, at most 6. */
export function deeperHeadings(text: string, by: number): string {
  return markdownParagraphs(text)
    .map((paragraph) =>
      paragraph.replace(/^(#{1,6})(?= )/, (marks) => '#'.repeat(Math.min(6, marks.length + by))),
    )
    .join('\n\n')
}
