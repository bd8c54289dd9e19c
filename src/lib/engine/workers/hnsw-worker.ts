import {serveSegmentBuilds} from '../../adapters/hnsw/serve-segment-builds.js'

serveSegmentBuilds()
