import type {Finding} from '../../model/operations/finding.js'

/** What would mend a finding. Absent where nothing that is stored can. */
export type Mend =
  | {readonly what: 'rows' | 'keywords' | 'purge' | 'orphans'; readonly corpusId: number}
  /** Rows that point nowhere, of whatever corpus. */
  | {readonly what: 'references'}
  /** Left-over files of a restore that was killed. */
  | {readonly what: 'restore'}
  /** Left-over files of a corpus that is gone. */
  | {readonly what: 'stray-folder'; readonly folder: string}
  | {readonly what: 'segment'; readonly corpusId: number; readonly segmentId: number}
  /** A vector that is to be put in the place of the stored one. */
  | {
      readonly what: 'vector'
      readonly corpusId: number
      readonly versionId: number
      readonly seq: number
      readonly vector: Float32Array
    }
  | {readonly what: 'model'; readonly corpusId: number; readonly versionId: number}

/** A finding with what mends it. */
export interface Diagnosis {
  readonly finding: Finding
  readonly mend?: Mend | undefined
}
