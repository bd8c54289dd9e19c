import {flagTwice, onlyWithFormat} from '../../lib/model/errors/request/command-line.js'
import type {CsvStyle} from '../output/csv.js'
import type {PathEnd} from '../output/paths.js'

/** Flags that say how a list is written. */
export interface FormatFlags<F extends string> {
  readonly format?: F | undefined
  readonly null: boolean
  readonly 'csv-raw': boolean
}

/** The format that the flags mean, and its details. @throws RagError USAGE for flags that contradict each other */
export function listFormat<F extends string>(
  flags: FormatFlags<F>,
  asJson: boolean,
): {readonly format: F | 'json' | 'text' | 'files'; readonly csv: CsvStyle; readonly pathEnd: PathEnd} {
  const {format, null: isNull, 'csv-raw': raw} = flags
  const asked = asJson ? 'json' : format
  if (isNull && asked !== undefined && asked !== 'files') throw flagTwice('--null', `--format ${asked}`)
  const meant = asked ?? (isNull ? 'files' : 'text')
  if (raw && meant !== 'csv') throw onlyWithFormat('--csv-raw', 'csv')
  return {format: meant, csv: {raw}, pathEnd: isNull ? '\0' : '\n'}
}
