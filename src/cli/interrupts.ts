import {EXIT_INTERRUPTED} from './exit-codes.js'
import type {Surroundings} from './surroundings.js'

/** A watch over SIGINT and SIGTERM. */
export interface Interrupts {
  readonly signal: AbortSignal
  dispose(): void
}

/**
 * The first signal asks the library to finish the batch in hand, and says so; a second one leaves at once.
 * A command that changes nothing (`finishesBatch` false) leaves at the first.
 */
export function watchInterrupts(around: Surroundings, finishesBatch: boolean): Interrupts {
  const controller = new AbortController()
  const handler = (): void => {
    if (controller.signal.aborted || !finishesBatch) {
      around.exitNow(EXIT_INTERRUPTED)
      return
    }
    around.stderr.write('\nrag: interrupted: finishing the batch in hand… (again to stop at once)\n')
    controller.abort()
  }
  around.onSignal(handler)
  return {signal: controller.signal, dispose: () => around.offSignal(handler)}
}
