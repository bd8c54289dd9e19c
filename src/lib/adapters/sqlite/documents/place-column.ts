import type {Place} from '../../../model/block.js'

/** A place other than lines as a column has it. Of rows whose checksum is right: they hold what was put there. */
export function placeColumn(place: Place | undefined): string | null {
  return place === undefined ? null : JSON.stringify(place)
}

/** What it stands for, to be spread: most chunks have none. */
export function placeFrom(column: string | null): {readonly place?: Place} {
  return column === null ? {} : {place: JSON.parse(column) as Place}
}
