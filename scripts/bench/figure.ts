/** What a measured value is held against. */
export interface Bar {
  readonly kind: 'at_most' | 'at_least'
  /** In the unit of the figure. */
  readonly value: number
}

/** Something that is not ours and was measured or read beside it. */
export interface Floor {
  readonly what: string
  /** Absent: only told, not measured in this run. */
  readonly value?: number
  readonly unit?: string
}

/** One number, with what it is to be compared with. */
export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly bar?: Bar
  readonly floor?: Floor
}

/** A figure with the name of the work that made it, and whether it is as good as its bar; absent without one. */
export interface ReportedFigure extends Figure {
  readonly work: string
  readonly met?: boolean
}

export const atMost = (value: number): {bar: Bar} => ({bar: {kind: 'at_most', value}})
export const atLeast = (value: number): {bar: Bar} => ({bar: {kind: 'at_least', value}})

export function reported(work: string, figure: Figure): ReportedFigure {
  const {value, bar} = figure
  if (!bar) return {work, ...figure}
  return {work, ...figure, met: bar.kind === 'at_most' ? value <= bar.value : value >= bar.value}
}
