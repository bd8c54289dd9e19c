/**
 * # answer: questions, answers, conversations
 *
 * **For**: answering a question from what a corpus holds, with citations; by a chat model, or by the documents alone.
 *
 * **Terms**
 * - *standalone question*: a follow-up with what it refers to.
 * - *intent*: what a question asks for: a definition, a way, a yes or no, …
 * - *extractive*: made of statements of the documents, to the letter.
 * - *excerpt*: neighbouring chunks of one document, numbered for the answer; the prompt calls it a passage.
 * - *citation*: a chunk that a part of the answer rests on.
 *
 * **Promises**
 * - Only chunks that were given are cited; what a model cites beside them is taken out.
 * - When the documents do not answer, that is said, and no model is asked with nothing to read.
 * - A kept answer is given again only while everything it depends on is the same.
 * - A turn is written down with all chunks it may quote, so that removing one for good finds it.
 *
 * **Steps** (`ask.ts`)
 * ```
 *   recall ─► standalone question, intent ─► cached? ─► search ─► excerpts ─► model, or statements ─► citations checked ─► remember
 * ```
 */
export type {AskCall} from './ask-tools.js'
export {ask} from './ask.js'
export {deleteSessions, listSessions, showProfile, showSession} from './sessions.js'
