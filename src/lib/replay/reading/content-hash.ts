import type {BatchRecord} from '../../model/batch-record.js'
import type {Digest} from '../../ports/surroundings.js'

/** Hashes come in many forms; longer ones, and such with spaces, are no hashes. */
const WELL_FORMED = /^[\w:+/=.-]{8,200}$/

/** What decides whether two records are the same: `metadata.content_hash` where there is one, else the SHA-256 of the text as it came. */
export function contentHashOf({metadata, text}: BatchRecord, digest: Digest): string {
  const given = metadata['content_hash']
  const hash = typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : given
  return typeof hash === 'string' && WELL_FORMED.test(hash) ? hash : digest.sha256(text)
}
