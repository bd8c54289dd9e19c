import {knownSecrets, withoutPassword} from '../../lib/index.js'
import type {RagConfig} from '../settings/resolve-config.js'
import type {Resolved} from '../settings/resolved.js'
import {SETTINGS, type Setting} from '../settings/settings.js'
import type {Screen} from '../output/screen.js'
import {table} from './table.js'

/** A setting as `rag config` shows it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string | number | null
  readonly origin: Resolved<unknown>['origin']
  readonly where: string
  readonly about: string
}

/** Every setting that has an effect, with its value and where it came from. Secrets are replaced by `(hidden)`. */
export function shownSettings(config: RagConfig): readonly ShownSetting[] {
  const {dataDir} = config
  const first: ShownSetting = {name: 'data_dir', ...dataDir, about: 'folder of the store'}
  const used = Object.entries<Setting<unknown>>(SETTINGS).filter(([, setting]) => setting.unused !== true)
  const rest = used.map(([name, setting]) => {
    const {value, origin, where} = config[name as keyof typeof SETTINGS]
    const shown =
      value !== undefined && setting.secret === true
        ? '(hidden)'
        : typeof value === 'string'
          ? shownAddress(value)
          : (value ?? null)
    return {name, value: shown, origin, where, about: setting.about}
  })
  return [first, ...rest]
}

const shownAddress = (value: string): string => knownSecrets.mask(withoutPassword(value))

/** The settings as a table. */
export function renderConfig(config: RagConfig, screen: Screen): string {
  const columns = [
    {title: 'SETTING'},
    {title: 'VALUE', cut: true},
    {title: 'FROM'},
    {title: 'WHAT IT IS', cut: true},
  ]
  const rows = shownSettings(config).map(({name, value, where, about}) => [
    name,
    value === null ? `(${otherwise(name)})` : String(value),
    where,
    about,
  ])
  return table(columns, rows, screen)
}

function otherwise(name: string): string {
  const setting: Setting<unknown> | undefined = SETTINGS[name as keyof typeof SETTINGS]
  return setting?.otherwise ?? 'not set'
}
