/** Plain text whose lines begin like Markdown headings or code fences, made safe to stand in Markdown. */
export function escapeBlockStart(text: string): string {
  return text.replace(/^(?=#{1,6}[ \t]|`{3}|~{3})/gm, '\\')
}
