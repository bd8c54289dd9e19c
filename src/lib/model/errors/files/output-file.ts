import type {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Files that a flag names to be written. */

export const fileOfStore = (flag: string, path: string, real: string): RagError =>
  usage(
    `${flag} ${path} is a file of the store${real === path ? '' : ` (${real})`}, which is not replaced. Nothing was changed.`,
    `Name a file elsewhere: ${flag} FILE`,
  )

/** `kind` is what it would have to hold: "metrics of Prometheus". */
export const fileOfOtherKind = (flag: string, path: string, kind: string): RagError =>
  usage(
    `${flag} ${path} is there, and holds no ${kind}: it is not replaced. Nothing was changed.`,
    `Name a new file: ${flag} FILE. If that one may go, remove it first.`,
  )
