import type {ConfigResult} from '../../contract/index.js'
import {shownSettings} from '../reporters/config.js'
import type {RagConfig} from '../settings/resolve-config.js'

/** `rag config --json`. */
export function configJson(config: RagConfig): ConfigResult {
  return {
    settings: Object.fromEntries(
      shownSettings(config).map(({name, value, origin, where}) => [name, {value, origin, from: where}]),
    ),
  }
}
