/**
 * # lsa: the model that is learned from the corpus
 *
 * **For**: vectors without a model from elsewhere: latent semantic analysis of the corpus's own terms.
 *
 * **Terms**
 * - *fit*: learn a model from a sample of chunks: term matrix, truncated singular value decomposition.
 * - *fold in*: make the vector of a new text from the rows of its terms.
 * - *lane*: one worker thread's share of a matrix.
 *
 * **Promises**
 * - The same inputs in the same order give the same file, to the byte.
 * - A query reads the rows of its own terms, each with a checksum; never the whole model.
 * - A damaged file is an error before a number of it is used.
 *
 * **Steps**
 * ```
 *   inputs ─► vocabulary ─► term matrix ─► truncated SVD ─► model file ─► fold in ─► vectors
 * ```
 * Source: Halko, Martinsson and Tropp, Finding structure with randomness, 2011 (randomised range finder).
 */
export {createLsa} from './create-lsa.js'
export {serveLsaWorker} from './serve-lsa-worker.js'
