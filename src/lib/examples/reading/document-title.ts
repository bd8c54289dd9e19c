const FILE_LIKE = /^(?:readme|index|source|untitled|document|license|licence|main|changelog)(?:\.\w{1,5})?$/i

/** The title as a person would name the document by; undefined for numbers, hashes and names of nothing. */
export function nameableTitle(title: string, docId: string): string | undefined {
  const text = title.trim().replaceAll(/\s+/g, ' ')
  if (text === '' || text.length > 120 || FILE_LIKE.test(text)) return undefined
  return isNumberOrCode(text) || (text === docId && !/\s|\p{L}{4}/u.test(text)) ? undefined : text
}

function isNumberOrCode(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const isCode = !/\s/.test(text) && /\d/.test(text)
  return letters < 2 || isCode || /^[0-9a-f-]{16,}$/i.test(text)
}
