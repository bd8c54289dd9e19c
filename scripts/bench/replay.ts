import {execFileSync} from 'node:child_process'
import path from 'node:path'
import type {Work} from './bench.js'
import {atLeast, atMost} from './figure.js'

interface RawReplay {
  readonly records: number
  readonly replay_per_second: number
  readonly raw_per_second: number
  readonly ratio: number
  readonly peak_mb: number
}

export const replay: Work = {
  name: 'replay',
  about: 'pre-embedded records of 384 dimensions, until durable and found',
  run: async (bench) => {
    // A process of its own: its peak memory is one of the figures.
    const script = path.join(import.meta.dirname, 'replay-raw.ts')
    const argv = [
      '--records',
      String(bench.size(20_000, 2000)),
      '--rounds',
      String(bench.size(3, 1)),
      '--json',
    ]
    const out = execFileSync(process.execPath, ['--import', 'tsx', script, ...argv], {encoding: 'utf8'})
    const it = JSON.parse(out) as RawReplay
    const floor = {what: 'raw inserts of the same rows', value: it.raw_per_second, unit: 'records/s'}
    return [
      {
        what: `${it.records} records`,
        value: it.replay_per_second,
        unit: 'records/s',
        ...atLeast(20_000),
        floor,
      },
      {what: 'the same', value: it.ratio, unit: '× raw inserts', ...atMost(2), floor},
      {what: 'the same, peak memory of raw inserts included', value: it.peak_mb, unit: 'MB'},
    ]
  },
}
