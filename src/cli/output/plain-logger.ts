import type {Logger} from '../../lib/index.js'
import type {Output} from '../surroundings.js'
import {printable} from './visible.js'

/** What people see without asking: warnings, one plain line each. */
export function plainLogger(messages: Output): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => void messages.write(`rag: warning: ${printable(oneLine(message))}\n`),
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
