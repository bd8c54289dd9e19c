import type {Logger} from '../../lib/index.js'
import {plainLogger} from './plain-logger.js'
import type {RagConfig} from '../settings/resolve-config.js'
import type {Output} from '../surroundings.js'

/**
 * The logger of a run: structured lines on stderr when a level, `RAG_LOG_FORMAT=json` or `--debug` asks for them, else plain warnings.
 * `RAG_LOG_FORMAT=text` keeps warnings plain whatever the level.
 */
export async function makeLogger(config: RagConfig, debug: boolean, messages: Output): Promise<Logger> {
  const level = debug ? 'debug' : (config.log_level.value ?? 'info')
  const asked = debug || config.log_level.value !== undefined || config.log_format.value === 'json'
  if (!asked || config.log_format.value === 'text') return plainLogger(messages)
  const {pino} = await import('pino')
  const log = pino({level, base: {pid: process.pid}}, {write: (line: string) => void messages.write(line)})
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
  }
}
