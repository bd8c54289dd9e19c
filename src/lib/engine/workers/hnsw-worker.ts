import {serveSegmentBuilds} from '../../adapters/hnsw/serve-segment-builds.js'
import {freeMemory} from '../../adapters/system/free-memory.js'

serveSegmentBuilds({free: freeMemory})
