/**
 * # text: words, languages, blocks, sentences, chunks
 *
 * **For**: everything that is known of text as text: what a word is in each script, how Markdown is built, where a sentence ends, where to cut.
 *
 * **Terms**
 * - *term*: what the keyword index holds of a word: folded, stemmed by its language.
 * - *block*: a heading, paragraph, list item, table row, code or quote, with its span in the text.
 * - *chunk*: a run of blocks of about a given number of tokens, with the path of headings above it.
 *
 * **Promises**
 * - Pure: the same text gives the same blocks, chunks and terms. The joined chunks of a document are its text.
 * - Time is linear in the length of a text, whatever is in it.
 * - One reader of Markdown, one table of character classes, one splitter of sentences serve all stages.
 * - A change of what terms come out changes the analyser's fingerprint.
 *
 * **Steps**
 * ```
 *   text ─► markdownBlocks ─► pieces ─► createChunker ─► chunks
 *   chunk ─► scan words ─► language rules ─► terms
 * ```
 * A search needs the analysis alone: import from the files, not from here, where start-up counts.
 */
export {createAnalyser} from './analysis/create-analyser.js'
export {blocksOfChunk} from './blocks/chunk-blocks.js'
export {countTokens} from './chunking/count-tokens.js'
export {createChunker} from './chunking/create-chunker.js'
export {splitClauses} from './sentences/split-clauses.js'
export {splitSentences} from './sentences/split-sentences.js'
