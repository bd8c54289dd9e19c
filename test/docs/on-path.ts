import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'

/** Puts a small shell script into the `bin` folder of a temporary home. */
export function putOnPath(home: string, name: string, script: string): void {
  const bin = path.join(home, 'bin')
  mkdirSync(bin, {recursive: true})
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(path.join(bin, name), 0o755)
}

/** The environment of this process without settings of rag, and with the home's `bin` first on the path. */
export function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(RAG_|INDEX_DIR$|EMBED_|DATABASE_URL$|SUPABASE_DB_URL$|DEBUG$|FORCE_COLOR$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    PATH: `${path.join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
    NO_COLOR: '1',
  }
}
