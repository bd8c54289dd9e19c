/** The blocks of a Markdown text, as blank lines part them; those within fences part nothing. */
export function markdownParagraphs(text: string): readonly string[] {
  const paragraphs: string[] = []
  let open: string[] = []
  let fence = ''
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === '') fence = mark ?? ''
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = ''
    if (line.trim() === '' && fence === '') {
      if (open.length > 0) paragraphs.push(open.join('\n'))
      open = []
    } else open.push(line)
  }
  if (open.length > 0) paragraphs.push(open.join('\n'))
  return paragraphs
}
