import {createHash} from 'node:crypto'
import type {Digest} from '../../ports/surroundings.js'

/** By the platform's crypto library. */
export const systemDigest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  blake2b256: (data) => createHash('blake2b512').update(data).digest('hex').slice(0, 64),
}
