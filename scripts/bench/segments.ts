import type {Work} from './bench.js'
import {atMost} from './figure.js'

/** Links of an element in the lowest layer, their number, and its label: what a graph takes beside the vectors. */
const GRAPH_BYTES = 32 * 4 + 4 + 8

export const segments: Work = {
  name: 'segments',
  about: 'size of index segments beside raw vectors and graph',
  run: async (bench) => {
    const {vectors, dimension, segmentBytes} = await bench.vectors()
    const raw = vectors * (4 * dimension + GRAPH_BYTES)
    return [
      {
        what: `${vectors} vectors of ${dimension} dimensions`,
        value: segmentBytes / raw,
        unit: '× raw vectors and graph',
        ...atMost(1.25),
        floor: {what: 'raw vectors and graph', value: raw / 1e6, unit: 'MB'},
      },
    ]
  },
}
