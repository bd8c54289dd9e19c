/** Text with every run of white space made one space, and none at its ends. Single spaces, which are most, are not touched. */
export function collapseSpace(text: string): string {
  return text.replace(/\s{2,}|[^\S ]/g, ' ').trim()
}
