import {collapseSpace} from '../collapse-space.js'

/** A row of a Markdown table: one line, bars of the cells escaped. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => collapseSpace(cell).replaceAll('|', '\\|')).join(' | ')} |`
}

/** The line below the header. */
export function headerRule(columns: number): string {
  return `|${' --- |'.repeat(columns)}`
}

/** Rows as a table; the first names the columns. A single column is a list of paragraphs. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''))
  const [header, ...others] = filled
  if (!header) return ''
  const columns = Math.max(...filled.map((row) => row.length))
  if (columns === 1) return filled.map(([cell]) => collapseSpace(cell!)).join('\n\n')
  const named = [...header, ...new Array<string>(columns - header.length).fill('')]
  return [tableRow(named), headerRule(columns), ...others.map((row) => tableRow(row))].join('\n')
}
