import {createHash} from 'node:crypto'
import type {Digest} from '../../ports/surroundings.js'

/** SHA-256 by the platform's crypto library. */
export const systemDigest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
}
