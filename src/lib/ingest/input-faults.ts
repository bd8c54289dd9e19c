import type {LoadFault} from '../model/document.js'
import {furtherFaults} from '../model/errors/files/source.js'
import type {InputFault} from '../model/operations/ingest.js'

/** Faults of one file that are reported each; of the others only how many there are. */
const MOST_FAULTS = 10

/** What to report of the faults that a loader found in one input. */
export function inputFaults(source: string, faults: readonly LoadFault[] = []): readonly InputFault[] {
  const named = faults.slice(0, MOST_FAULTS).map(({message, line}) => ({source, line, message}))
  const more = faults.length - named.length
  return more > 0 ? [...named, {source, message: furtherFaults(more)}] : named
}
