import {createHash, hash} from 'node:crypto'
import type {Digest} from '../../ports/surroundings.js'

/** Hex digits of 256 bits. The platform has BLAKE2b with 512 alone; its first half is as good for a name. */
const KEY_DIGITS = 64

/** Hashes by the platform's crypto library. */
export const systemDigest: Digest = {
  sha256: (data) => hash('sha256', data, 'hex'),
  key: (parts) => createHash('blake2b512').update(JSON.stringify(parts)).digest('hex').slice(0, KEY_DIGITS),
}
