import {quantile, type Work} from './bench.js'
import {atMost} from './figure.js'
import {processMs, RAG} from './processes.js'

export const startup: Work = {
  name: 'startup',
  about: 'rag --version beside an empty Node process',
  run: async (bench) => {
    const rounds = bench.size(15, 5)
    const median = (args: readonly string[]): number =>
      quantile(Array.from({length: rounds}, () => processMs(args)))
    const node = median(['-e', '0'])
    const version = median([RAG, '--version'])
    const floor = {what: 'node -e 0', value: node, unit: 'ms'}
    return [
      {what: 'rag --version', value: version / node, unit: '× node', ...atMost(2.5), floor},
      {what: 'rag --version', value: version, unit: 'ms', floor},
    ]
  },
}
