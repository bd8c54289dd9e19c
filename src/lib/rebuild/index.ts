/**
 * # rebuild: index or vectors anew, beside those in use
 *
 * **For**: `rag rebuild` in its five ways, and the switch to what they made, in one step.
 *
 * **Terms**
 * - *rebuild*: keyword index and segments, from what is stored. *compact*: merges of segments.
 * - *fill*: vectors for chunks that have none, or a placeholder.
 * - *reembed*: all vectors anew, in another embedding version. *rollback*: back to the version that was kept.
 *
 * **Promises**
 * - Only fill, reembed and rollback embed. Until the switch, searches use the old state.
 * - Whatever is cut off goes on with the same call.
 * - A dry run reads only, prints the plan that a run would execute, and refuses what it would refuse.
 * - A rollback adds to the kept vectors only what their own model makes; what no model here can make stays pending, and a note says so.
 *
 * **Steps** (`rebuild-corpus.ts`)
 * ```
 *   RebuildRequest ─► inspectRebuild ─► planRebuild ─┬─ dry run ─────────────────────────────► RebuildReport
 *                      reads            pure         └─ under the lease: keywords, segments │ merges │ embedding
 *                                                         ─► switch ─► retired versions and orphans go ─► RebuildReport
 * ```
 * `planRollback` is a part of the plan that `executeRollback` executes. A re-embedding plans under its own leases: `planEmbedding`, and
 * `planEmptySwitch` where there is no text.
 */
export {dryRunRebuild, rebuildCorpus} from './rebuild-corpus.js'
