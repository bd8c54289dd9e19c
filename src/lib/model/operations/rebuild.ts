import type {ModelSpec} from '../embedding.js'

/** What to make anew. At most one of `reembed`, `compact` and `rollback`; none of them rebuilds the index from stored vectors. */
export interface RebuildRequest {
  readonly corpus: string
  /** Embed all texts anew, beside the live vectors, and switch when that is complete. */
  readonly reembed?: boolean | undefined
  /** With `reembed`: the model to embed by; default the corpus's. */
  readonly model?: string | undefined
  /** With `model`: how it is used. */
  readonly modelOptions?: Omit<ModelSpec, 'model'> | undefined
  /** Embed only chunks without a vector and those with a placeholder. */
  readonly onlyMissing?: boolean | undefined
  /** With `reembed`: keep the old vectors and index for `rollback`. */
  readonly keepOld?: boolean | undefined
  /** Merge small index segments and write wasteful ones anew, and nothing else. */
  readonly compact?: boolean | undefined
  /** Go back to the embedding version that was kept; the one in use is then kept in its place. */
  readonly rollback?: boolean | undefined
}

export type RebuildAction = 'rebuild' | 'reembed' | 'fill' | 'compact' | 'rollback'

/** What a rebuild did, or, with `dryRun`, what it would do: then all that is called `after` is an estimate. */
export interface RebuildReport {
  readonly corpus: string
  readonly action: RebuildAction
  readonly dryRun: boolean
  readonly model: string
  readonly dimension: number
  /** Numbers of the live embedding version; 0 for none. */
  readonly embeddingVersion: {readonly before: number; readonly after: number}
  /** Number of the embedding version that is kept for `rollback`; 0 for none. */
  readonly kept: number
  /** Dense vectors of the live version. */
  readonly vectors: number
  /** Chunks that have none, and those with a placeholder. */
  readonly pending: number
  readonly dummy: number
  /** Texts that the model was asked for; always 0 for `rebuild` and `compact`. */
  readonly embedded: number
  /** Entries of the keyword index made anew. */
  readonly keywords: number
  readonly segments: {readonly before: number; readonly after: number}
  /** Index files of the live version. */
  readonly bytes: {readonly before: number; readonly after: number}
  /** Segments that an earlier, cut-off run had finished and that were taken over. */
  readonly resumed: number
  readonly seconds: number
  readonly notes: readonly string[]
  /** What is done is kept; the same call again goes on. Searches still use the old state. */
  readonly interrupted: boolean
}
