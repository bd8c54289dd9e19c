import type {Digest} from '../ports/surroundings.js'

/** Hexadecimal digits of a document's key: 128 bits. */
const DIGITS = 32

/** Stands for a document where its id must not: in what is cached of it, and in what is left to do once it is gone for good. */
export function documentKey(digest: Digest, corpus: string, docId: string): string {
  return digest.key(['document', corpus, docId]).slice(0, DIGITS)
}
