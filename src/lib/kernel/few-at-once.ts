import type {OpenSegment, SegmentLoader} from '../ports/vector-index.js'

/**
 * A loader of which only so many segments are open at a time: who opens one more waits until another is closed. Each takes as much memory
 * as its file is long.
 */
export function fewAtOnce(loader: SegmentLoader, most: number): SegmentLoader {
  const waiting: (() => void)[] = []
  let open = 0
  const leave = (): void => {
    const next = waiting.shift()
    // The place of one goes to the next, so that nobody slips in between.
    if (next) next()
    else open--
  }
  return {
    async open(path, row) {
      if (open < most) open++
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return left(await loader.open(path, row), leave)
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}

/** The segment, whose first `close` also calls `then`. */
function left(part: OpenSegment, then: () => void): OpenSegment {
  let isOpen = true
  return {
    count: part.count,
    search: (query, k, allow) => part.search(query, k, allow),
    seqs: () => part.seqs(),
    vectorOf: (seq) => part.vectorOf(seq),
    close: () => {
      part.close()
      if (isOpen) then()
      isOpen = false
    },
  }
}
