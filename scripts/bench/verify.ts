import {readFile} from 'node:fs/promises'
import {createHash} from 'node:crypto'
import {createSegmentLoader} from '../../src/lib/adapters/hnsw/segment-loader.js'
import {createServices} from '../../src/lib/engine/create-services.js'
import {inspectionTools} from '../../src/lib/upkeep/verify/verify-store.js'
import {checkFiles} from '../../src/lib/upkeep/verify/check-files.js'
import {Inspection} from '../../src/lib/upkeep/verify/inspection.js'
import {TimeBudget} from '../../src/lib/upkeep/verify/time-budget.js'
import {quantile, timed, type Work} from './bench.js'
import {atLeast, type Figure} from './figure.js'
import {segmentPath} from './vector-corpus.js'

/** So many times the segments of the bench. */
const TIMES = 6

export const verify: Work = {
  name: 'verify',
  about: 'rag verify of index segments beside hashing and loading alone',
  run: async (bench) => {
    const built = await bench.vectors()
    const {dataDir, segments, segmentBytes} = built
    const megabytes = segmentBytes / 1e6
    const opened = createServices({dataDir})
    const {services} = opened
    const rounds = bench.size(5, 2)
    const rate = async (act: () => Promise<unknown>): Promise<number> => {
      const took: number[] = []
      for (let round = 0; round < rounds; round++) took.push((await timed(act)).seconds)
      return megabytes / quantile(took)
    }
    try {
      const loader = createSegmentLoader()
      const hash = await rate(async () => {
        for (const segment of segments)
          createHash('sha256')
            .update(await readFile(segmentPath(built, segment.file)))
            .digest()
      })
      const load = await rate(async () => {
        for (const segment of segments)
          (await loader.open(services.indexFiles.path(segment.file), segment)).close()
      })
      const store = await services.store.read()
      const corpora = await store.listCorpora()
      // Those of a corpus several times over: what is paid once, for threads that start and the first file, is little of a night's run.
      const whole = (times: number, sample: number): Promise<number> =>
        rate(async () => {
          const {tools, close} = await inspectionTools(services, store)
          const inspection = new Inspection(tools, new TimeBudget(services.clock, undefined))
          await checkFiles(inspection, {corpora: Array.from({length: times}, () => corpora).flat(), sample})
          await close()
          if (inspection.diagnoses.length > 0) throw new Error(JSON.stringify(inspection.diagnoses))
        }).then((once) => times * once)
      const floor = {what: 'reading and SHA-256 alone, one thread', value: hash, unit: 'MB/s'}
      const each = (megabytes / segments.length).toFixed(0)
      const figures: Figure[] = [
        {
          what: `${TIMES * segments.length} segments of ${each} MB, 1 % of their vectors looking for themselves`,
          value: await whole(TIMES, 0.01),
          unit: 'MB/s',
          ...atLeast(500),
          floor,
        },
        {
          what: 'the same, 20 vectors of each',
          value: await whole(TIMES, 0),
          unit: 'MB/s',
          ...atLeast(500),
          floor,
        },
        {what: `${segments.length} segments alone`, value: await whole(1, 0.01), unit: 'MB/s', floor},
        {what: 'reading and SHA-256 alone, one thread', value: hash, unit: 'MB/s'},
        {what: 'loading alone, one thread', value: load, unit: 'MB/s'},
      ]
      return figures
    } finally {
      await opened.close()
    }
  },
}
