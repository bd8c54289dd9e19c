import {quantile, type Work} from './bench.js'
import {atMost} from './figure.js'
import {processMs, runRag} from './processes.js'
import {writeFiles} from './seeded-files.js'

const PEER = {what: 'the most used peer, keyword only: 120–250 ms'}

export const coldSearch: Work = {
  name: 'cold-search',
  about: 'rag search as a whole process, 20,000 chunks',
  run: async (bench) => {
    const [docs, dataDir] = [bench.path('cold-docs'), bench.path('cold-store')]
    // Two chunks each.
    const queries = writeFiles(docs, bench.size(10_000, 1000))
    runRag(['ingest', '--dir', docs, '--quiet'], dataDir)
    const node = quantile(Array.from({length: 5}, () => processMs(['-e', '0'])))
    const floor = {what: 'node -e 0', value: node, unit: 'ms'}
    const search = (mode: string): {ms: number; mb: number} => {
      const ran = queries
        .slice(0, bench.size(15, 5))
        .map((query) => runRag(['search', query, '--mode', mode, '--json'], dataDir))
      return {ms: quantile(ran.map((it) => it.ms)), mb: quantile(ran.map((it) => it.peakMb))}
    }
    const [hybrid, keyword, vector] = [search('hybrid'), search('keyword'), search('vector')]
    return [
      {what: 'hybrid', value: hybrid.ms, unit: 'ms', ...atMost(250), floor: PEER},
      {what: 'hybrid, peak memory', value: hybrid.mb, unit: 'MB', ...atMost(110)},
      {what: 'keyword', value: keyword.ms, unit: 'ms', floor},
      {what: 'vector', value: vector.ms, unit: 'ms', floor},
    ]
  },
}
