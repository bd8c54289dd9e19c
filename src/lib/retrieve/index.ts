/**
 * # retrieve: from a query to hits
 *
 * **For**: searching a corpus by keyword, by meaning and by both.
 *
 * **Terms**
 * - *side*: keyword or vector. A side that can't answer leaves it to the other; the report says `degraded` and why.
 * - *view*: what was opened for searching one version of a corpus; kept until the corpus changes.
 * - *candidate*: a chunk that a side proposes. Each gets both scores, exactly.
 * - *fusion*: one order of both sides' candidates, by weight or by rank.
 *
 * **Promises**
 * - No answer mixes two states of a corpus: a search during which it changed is done anew.
 * - A deleted chunk is in no result from the instant its delete returned, nor in a cached one.
 * - A damaged index file never stops a search: it is set aside, and its vectors are read from the store.
 *
 * **Steps** (`search-engine.ts`, `search-corpus.ts`)
 * ```
 *   cached? ─► view ─► queryTerms ─► searchKeywords ────────┐
 *                  └─► embed query ─► segments + tail ──────┴► score all exactly ─► fuse ─► hits with snippets
 * ```
 */
export {SearchEngine} from './search-engine.js'
