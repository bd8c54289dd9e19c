import type {Logger} from '../../lib/index.js'
import type {Output} from '../surroundings.js'

/** What people see without asking: warnings, one plain line each. */
export function plainLogger(stderr: Output): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => void stderr.write(`rag: warning: ${oneLine(message)}\n`),
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
