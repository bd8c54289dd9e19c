import type {Bar, Floor, ReportedFigure} from './figure.js'

/** Three digits that count, and no more behind the point than are wanted of seconds. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const behind = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', {minimumFractionDigits: behind, maximumFractionDigits: behind})
}

const measured = (value: number, unit: string): string => `${digits(value)} ${unit}`.trim()

export const barText = ({kind, value}: Bar, unit: string): string =>
  `${kind === 'at_most' ? '≤' : '≥'} ${`${value.toLocaleString('en')} ${unit}`.trim()}`

const floorText = ({what, value, unit = ''}: Floor): string =>
  value === undefined ? what : `${what}: ${measured(value, unit)}`

/** Figures as lines of text, a column each for what, value, bar, whether it was met, and floor. */
export function tableOf(figures: readonly ReportedFigure[]): string {
  const head = ['work', 'what', 'measured', 'bar', '', 'compared with']
  const rows = figures.map((it) => [
    it.work,
    it.what,
    measured(it.value, it.unit),
    it.bar ? barText(it.bar, it.unit) : '',
    it.met === undefined ? '' : it.met ? 'met' : 'MISSED',
    it.floor ? floorText(it.floor) : '',
  ])
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === 2 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A sentence for a figure that is not as good as its bar. */
export function missedText({work, what, value, unit, bar}: ReportedFigure): string {
  return `${work}: ${what} was ${measured(value, unit)}; the bar is ${barText(bar!, unit)}.`
}
