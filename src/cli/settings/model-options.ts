import {join} from 'node:path'
import type {ModelOptions} from '../../lib/index.js'
import type {RagConfig} from './resolve-config.js'
import type {Surroundings} from '../surroundings.js'

/** Where models lie and come from, by the settings and the variables that are usual for them. */
export function modelOptions(settings: RagConfig, {env}: Pick<Surroundings, 'env'>): ModelOptions {
  const of = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const isOffline = ['RAG_OFFLINE', 'HF_HUB_OFFLINE'].some((name) =>
    /^(1|true|yes|on)$/i.test(env[name] ?? ''),
  )
  return {
    dir: settings.model_dir.value ?? userCache(env),
    hubEndpoint: of('HF_ENDPOINT'),
    hubToken: of('HF_TOKEN'),
    offline: isOffline,
  }
}

/** Where the system wants things that can be had again. Undefined for a user without a home. */
function userCache(env: Surroundings['env']): string | undefined {
  const of = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const home = of('HOME') ?? of('USERPROFILE')
  const base =
    of('XDG_CACHE_HOME') ?? of('LOCALAPPDATA') ?? (home === undefined ? undefined : join(home, '.cache'))
  return base === undefined ? undefined : join(base, 'rag', 'models')
}
