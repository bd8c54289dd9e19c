import {RagError, type ErrorCode} from '../model/errors.js'
import type {Services} from '../ports/services.js'
import {sleep} from './sleep.js'

const RETRY_MS = 200

/**
 * Tries again, every 200 ms, while it is refused with `code`: for `waitMs` at most, or until the signal comes.
 * @throws what the last attempt threw
 */
export async function waitFor<T>(
  services: Pick<Services, 'clock' | 'waitMs'>,
  code: ErrorCode,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = services.clock.monotonic() + services.waitMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const refused = error instanceof RagError && error.code === code
      if (!refused || services.clock.monotonic() >= deadline || signal?.aborted) throw error
      await sleep(RETRY_MS, signal)
    }
  }
}
