/**
 * # examples: questions and answers for training
 *
 * **For**: making training examples from a corpus, by rule or by a chat model.
 *
 * **Terms**
 * - *candidate*: a question and answer that could become an example; the answer is a span of a chunk.
 * - *kind*: what an example trains: definition, heading, statement, …
 *
 * **Promises**
 * - All files appear together or not at all; until then those of before are as they were.
 * - Without a model, the same corpus and seed give the same bytes.
 * - What a model writes is dropped unless its chunk bears it out.
 * - No lease is taken: a snapshot is read.
 *
 * **Steps** (`build-examples.ts`)
 * ```
 *   stage files ─► snapshot ─► chunks ─► blocks ─► candidates ─► choose ─► records ─► publish
 *                                   └─► chat model ─► checked ─┘
 * ```
 */
export {buildExamples, type ExamplesCall} from './build-examples.js'
