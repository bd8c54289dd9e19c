import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {knownSecrets, parseJson, reasonOf} from '../../lib/index.js'
import {
  type ConfigProblem,
  configInvalid,
  wrongSetting,
  configUnreadable,
  configNotAnObject,
  notASetting,
} from '../../lib/model/errors/request/settings.js'
import {findDataDir} from './find-data-dir.js'
import type {Resolved} from './resolved.js'
import {SETTINGS, type Setting, type SettingName, type SettingValue} from './settings.js'
import {suggest} from '../suggest.js'
import type {Surroundings} from '../surroundings.js'

/** All settings of one run. A value is undefined when nobody gave it and the library decides. */
export type RagConfig = {
  readonly dataDir: Resolved<string>
} & {readonly [K in SettingName]: Resolved<SettingValue<K> | undefined>}

/** Flags as parsed, by name; settings take those that have their name, written with `-`. */
export type GivenFlags = Readonly<Record<string, unknown>>

/**
 * Settles every setting: flag > environment variable > `config.json` in the data folder > default.
 * @throws RagError CONFIG_INVALID naming every wrong value at once
 */
export function resolveConfig(flags: GivenFlags, around: Pick<Surroundings, 'cwd' | 'env'>): RagConfig {
  const dataDirFlag = flags['data-dir']
  const dataDir = findDataDir(typeof dataDirFlag === 'string' ? dataDirFlag : undefined, around)
  const problems: ConfigProblem[] = []
  const file = readConfigFile(join(dataDir.value, 'config.json'), problems)
  const settled: Record<string, Resolved<unknown>> = {dataDir}
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    settled[name] = settle({name, setting, flags, env: around.env, file, problems})
  }
  for (const {value} of Object.values(settled)) if (typeof value === 'string') knownSecrets.addAddress(value)
  if (problems.length > 0) throw configInvalid(problems)
  return settled as unknown as RagConfig
}

interface ConfigFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

interface Sources {
  readonly name: string
  readonly setting: Setting<unknown>
  readonly flags: GivenFlags
  readonly env: Surroundings['env']
  readonly file: ConfigFile
  readonly problems: ConfigProblem[]
}

function settle(from: Sources): Resolved<unknown> {
  const {name, setting, flags, env, file} = from
  const flagName = name.replaceAll('_', '-')
  if (flags[flagName] !== undefined) return {value: flags[flagName], origin: 'flag', where: `--${flagName}`}
  const variable = setting.env.find((key) => (env[key] ?? '') !== '')
  if (variable !== undefined)
    return {value: read(from, variable, env[variable]), origin: 'env', where: variable}
  if (Object.hasOwn(file.values, name)) {
    return {
      value: read(from, `"${name}" in ${file.path}`, file.values[name]),
      origin: 'file',
      where: file.path,
    }
  }
  return {value: setting.fallback, origin: 'default', where: 'default'}
}

function read({setting, problems}: Sources, label: string, raw: unknown): unknown {
  const value = typeof raw === 'string' || typeof raw === 'number' ? setting.parse(String(raw)) : undefined
  if (value === undefined) {
    const culprit = setting.env.includes(label) ? `the environment variable ${label}` : label
    const shown = setting.secret ? 'The value' : JSON.stringify(raw)
    problems.push(wrongSetting(label, shown, setting.wanted, culprit))
  }
  return value
}

function readConfigFile(path: string, problems: ConfigProblem[]): ConfigFile {
  const none = {path, values: {}}
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(configUnreadable(path, reasonOf(error)))
    return none
  }
  const values = parseObject(content)
  if (values === undefined) {
    problems.push(configNotAnObject(path))
    return none
  }
  const known = Object.keys(SETTINGS)
  for (const key of Object.keys(values)) {
    if (known.includes(key)) continue
    problems.push(notASetting(`"${key}" in ${path}`, suggest(key, known)))
  }
  return {path, values}
}

function parseObject(content: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parseJson(content.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
