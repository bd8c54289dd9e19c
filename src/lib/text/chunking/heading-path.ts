/** Longest part of a heading's source that its title is made of, in characters. */
const LONGEST_TITLE = 300

/** Keeps the titles above the place that is being read, by the depth of their headings. */
export class HeadingPath {
  private titles: {depth: number; title: string}[] = []

  /** Takes in a heading and answers the path down to it. Headings without words leave no trace but close deeper ones. */
  enter(depth: number, title: string): readonly string[] {
    let keep = this.titles.length
    while (keep > 0 && this.titles[keep - 1]!.depth >= depth) keep--
    this.titles = this.titles.slice(0, keep)
    if (title !== '') this.titles.push({depth, title})
    return this.titles.map((entry) => entry.title)
  }
}

/** The words of a heading without Markdown's marks: links keep their text, code and emphasis lose their signs, `{#id}` goes. */
export function plainTitle(source: string): string {
  if (source.length <= LONGEST_TITLE && !/[^\p{L}\p{N} ,.:'?-]| {2}/u.test(source)) return source.trim()
  return source
    .slice(0, LONGEST_TITLE)
    .replace(/\s*\{#[^{}]*\}\s*$/, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/!?\[([^[\]]*)\]\[[^[\]]*\]/g, '$1')
    .replace(/<\/?[a-zA-Z][^<>]*>/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/[`*]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
