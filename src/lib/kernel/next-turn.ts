/**
 * Lets the event loop turn. Work that never waits for anything (reading and storing are synchronous underneath) would
 * otherwise keep signals, timers and the lease's heartbeat from being heard until it ends.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
