import {EXIT_INTERRUPTED} from './exit-codes.js'
import type {Progress} from './output/progress.js'
import type {Output, Surroundings} from './surroundings.js'

/** A watch over SIGINT and SIGTERM. */
export interface Interrupts {
  readonly signal: AbortSignal
  dispose(): void
}

/**
 * The first signal asks the library to finish the batch in hand, and says so; a second one leaves at once.
 * The bar is taken off the screen before either: it hides the cursor.
 * A command that changes nothing (`finishesBatch` false) leaves at the first.
 */
export function watchInterrupts(
  {around, messages}: {readonly around: Surroundings; readonly messages: Output},
  finishesBatch: boolean,
  progress: Pick<Progress, 'clear' | 'stop'>,
): Interrupts {
  const controller = new AbortController()
  const handler = (): void => {
    // A terminal has shown `^C` on this line.
    const lineEnd = messages.isTTY === true ? '\n' : ''
    if (controller.signal.aborted || !finishesBatch) {
      progress.stop()
      messages.write(lineEnd)
      around.exitNow(EXIT_INTERRUPTED)
      return
    }
    progress.clear()
    messages.write(`${lineEnd}rag: interrupted: finishing the batch in hand… (again to stop at once)\n`)
    controller.abort()
  }
  around.onSignal(handler)
  return {signal: controller.signal, dispose: () => around.offSignal(handler)}
}
