import type {CacheMode} from '../../lib/index.js'

/** What `--no-cache` and `--refresh` ask for; undefined when neither is given. */
export function cacheMode(flags: {
  readonly 'no-cache': boolean
  readonly refresh?: boolean
}): CacheMode | undefined {
  if (flags['no-cache']) return 'off'
  return flags.refresh ? 'refresh' : undefined
}
