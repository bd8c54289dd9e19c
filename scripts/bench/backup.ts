import {statSync} from 'node:fs'
import {filesBelow} from '../../test/support/temp-home.js'
import {quantile, timed, type Work} from './bench.js'
import {atMost} from './figure.js'

export const backup: Work = {
  name: 'backup',
  about: 'a store copied into a folder, then again with nothing changed',
  run: async (bench) => {
    const {dataDir} = await bench.vectors()
    const gigabytes = filesBelow(dataDir).reduce((sum, file) => sum + statSync(file).size, 0) / 1e9
    const rag = await bench.open({dataDir})
    try {
      const to = bench.path('backup')
      const first = await timed(() => rag.backup(to))
      const again: number[] = []
      for (let round = 0; round < 3; round++) again.push((await timed(() => rag.backup(to))).seconds)
      return [
        {what: 'nothing changed', value: quantile(again) / gigabytes, unit: 's/GB', ...atMost(1)},
        {what: 'the first', value: first.seconds / gigabytes, unit: 's/GB'},
      ]
    } finally {
      await rag.close()
    }
  },
}
