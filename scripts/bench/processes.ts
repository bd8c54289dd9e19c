import {spawnSync} from 'node:child_process'
import path from 'node:path'
import {PEAK_KB} from './peak-memory.js'

export const RAG = path.resolve('bin/rag.js')

export interface RanProcess {
  readonly ms: number
  readonly peakMb: number
  readonly stdout: string
}

/** Loaded before the program; tells its peak memory when it ends. */
const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  `${PEAK_KB}process.on('exit', () => process.stderr.write('PEAK ' + peakKb()))`,
)}`

/** Runs the built binary as a process of its own. @throws Error when it does not end with 0 */
export function runRag(args: readonly string[], dataDir: string): RanProcess {
  const startedAt = performance.now()
  const child = spawnSync(process.execPath, ['--import', TELL_PEAK, RAG, ...args], {
    encoding: 'utf8',
    env: {...process.env, RAG_DATA_DIR: dataDir, RAG_CACHE: 'off'},
    maxBuffer: 1 << 28,
  })
  const ms = performance.now() - startedAt
  if (child.status !== 0) throw new Error(`rag ${args.join(' ')}: ${child.stderr}${child.stdout}`)
  return {ms, peakMb: Number(/PEAK (\d+)/.exec(child.stderr)?.[1] ?? 0) / 1024, stdout: child.stdout}
}

/** Milliseconds that a process takes from start to end. */
export function processMs(args: readonly string[]): number {
  const startedAt = performance.now()
  const child = spawnSync(process.execPath, args, {encoding: 'utf8'})
  if (child.status !== 0) throw new Error(`node ${args.join(' ')}: ${child.stderr}`)
  return performance.now() - startedAt
}
