import {collapseSpace} from '../collapse-space.js'

/** A row of a Markdown table: one line, bars of the cells escaped. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => collapseSpace(cell).replaceAll('|', '\\|')).join(' | ')} |`
}

/** The line below the header. */
export function headerRule(columns: number): string {
  return `|${' --- |'.repeat(columns)}`
}
