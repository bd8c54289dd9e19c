/**
 * Rebuild: makes index or vectors of a corpus anew, beside those in use, and switches in one step.
 *
 * Terms. `rebuild`: keyword index and segments from what is stored. `compact`: merges of segments. `fill`: vectors for chunks that have none
 * or a placeholder. `reembed`: all vectors anew, in another embedding version. `rollback`: back to the version that was kept.
 *
 * Promises. Only `fill`, `reembed` and `rollback` embed. Until the switch, searches use the old state. Whatever is cut off goes on with the
 * same call. A dry run reads only, and prints the plan that a run would execute.
 *
 * ```
 *  RebuildRequest
 *       │ inspectRebuild        reads: versions, counts, segments, staged segments
 *       ▼
 *  RebuildFacts
 *       │ planRebuild           pure: steps, and what the report will say
 *       ▼
 *  RebuildPlan ──── dry run ──► RebuildReport
 *       │ rebuildCorpus         under the corpus's lease
 *       ▼
 *  keywords, segments │ merges │ embedding ──► switch ──► retired versions and orphans go ──► RebuildReport
 * ```
 */
export {dryRunRebuild, rebuildCorpus} from './rebuild-corpus.js'
