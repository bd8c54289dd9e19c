import {serveStreams, type StreamPart} from '../../src/lib/kernel/threads/serve-streams.js'
import {RagError} from '../../src/lib/model/errors.js'

export interface Wish {
  readonly parts: number
  readonly bytes: number
  readonly then?: 'fail' | 'break' | 'exit' | 'exhaust'
}

/** Counts, and then ends as it was told to. */
serveStreams(async function* count({parts, bytes, then}: Wish): AsyncGenerator<StreamPart> {
  for (let n = 1; n <= parts; n++) yield {part: n, bytes, transfer: []}
  if (then === 'fail') throw new RagError('INPUT_UNREADABLE', 'It went away.', {hint: 'Look for it.'})
  if (then === 'break') throw new TypeError('no such thing')
  if (then === 'exit') process.exit(7)
  const hoard: string[][] = []
  while (then === 'exhaust') hoard.push(Array.from({length: 100_000}, (_, i) => `${i} ${hoard.length}`))
})
