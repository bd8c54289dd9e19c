import {backup} from './backup.js'
import type {Work} from './bench.js'
import {caches} from './caches.js'
import {checkpoints} from './checkpoints.js'
import {coldSearch} from './cold-search.js'
import {embedding} from './embedding.js'
import {ingest} from './ingest.js'
import {localModel} from './local-model.js'
import {repair} from './repair.js'
import {replay} from './replay.js'
import {segments} from './segments.js'
import {startup} from './startup.js'
import {verify} from './verify.js'
import {warmSearch} from './warm-search.js'

/** All that is measured, in this order. */
export const WORKS: readonly Work[] = [
  startup,
  coldSearch,
  warmSearch,
  ingest,
  replay,
  checkpoints,
  segments,
  verify,
  repair,
  backup,
  caches,
  embedding,
  localModel,
]
