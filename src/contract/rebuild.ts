import * as z from 'zod'
import {rebuildAction} from './parts/enumerations.js'
import {corpusName, dryRun, modelWays, waitSeconds, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

/** At most one of `reembed`, `compact` and `rollback`; none of them makes the index anew from stored vectors. */
export const rebuildRequest = z.strictObject({
  corpus: corpusName,
  reembed: yes('embed all texts anew, then switch'),
  model: v.text("with `reembed`: the model to embed by; default: the corpus's own").optional(),
  ...modelWays,
  only_missing: yes('embed only what has no vector, or a placeholder'),
  keep_old: yes('with `reembed`: keep the old vectors and index for `rollback`'),
  rollback: yes('go back to the vectors that were kept; those in use are kept instead'),
  compact: yes('only merge small index files, and write anew those with much waste'),
  dry_run: dryRun,
  wait: waitSeconds,
})

const beforeAfter = (what: string): typeof both =>
  both.describe(`${what}; after a dry run, \`after\` is an estimate`)

const both = z.strictObject({before: v.count('before'), after: v.count('after')})

export const rebuildResult = z.strictObject({
  corpus: v.corpus,
  action: rebuildAction.describe('what was done: `fill` is `--only-missing`'),
  dry_run: v.flag('nothing was done; `after`, `vectors` and `embedded` are estimates'),
  model: v.text('the embedding model'),
  dimension: v.count('width of its vectors'),
  embedding_version: beforeAfter('number of the live embedding version, 0 for none'),
  kept_version: z
    .int()
    .min(1)
    .nullable()
    .describe('embedding version that is kept for `--rollback`, or null'),
  vectors: v.count('vectors of the live version'),
  pending: v.count('chunks without a vector'),
  dummy: v.count('chunks with a placeholder'),
  embedded: v.count('texts that the model was asked for; 0 for `rebuild` and `compact`'),
  keywords: v.count('entries of the keyword index that were made anew'),
  segments: beforeAfter('index files of the live version'),
  bytes: beforeAfter('their size'),
  resumed: v.count('segments that an earlier, cut-off run had finished'),
  seconds: v.duration('how long it took'),
  notes: v.notes,
  interrupted: v.flag('the run was interrupted (exit 130); nothing was switched yet'),
})

export type RebuildResult = v.Data<typeof rebuildResult>
