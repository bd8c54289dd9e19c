import {spawn, type ChildProcess} from 'node:child_process'
import path from 'node:path'

/** How a run of the built binary ended, and what it wrote. */
export interface RanRag {
  /** Absent when a signal ended it. */
  readonly code: number | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly stdout: string
  readonly stderr: string
  readonly tookMs: number
}

export interface RagRun {
  readonly dataDir?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array
  /** Killed with SIGKILL after so long, which shows as `signal`. Default 60 s. */
  readonly timeoutMs?: number
  /** Command put before `node` (setpriv, prlimit, …). */
  readonly under?: readonly string[]
  /** Called with the process as soon as it is started. */
  readonly onStart?: (child: ChildProcess) => void
  /** Called with all that was written to stderr so far, each time more comes. */
  readonly onStderr?: (soFar: string, child: ChildProcess) => void
}

/** RAG_BIN: another copy of it, an installed one say. */
const BIN = path.resolve(process.env['RAG_BIN'] ?? 'bin/rag.js')

/** Runs `bin/rag.js` as a process of its own. `pretest` has built it. Nothing of this process's RAG_* settings reaches it. */
export async function runRag(argv: readonly string[], run: RagRun = {}): Promise<RanRag> {
  const startedAt = performance.now()
  const [command, ...before] = [...(run.under ?? []), process.execPath]
  const child = spawn(command!, [...before, BIN, ...argv], {cwd: run.cwd, env: environment(run)})
  const timer = setTimeout(() => child.kill('SIGKILL'), run.timeoutMs ?? 60_000)
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (part: Buffer) => stdout.push(part))
  child.stderr.on('data', (part: Buffer) => {
    stderr += String(part)
    run.onStderr?.(stderr, child)
  })
  // A command that does not read its input may have ended before it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(run.stdin ?? '')
  run.onStart?.(child)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve([code, signal]))
  })
  clearTimeout(timer)
  return {
    code: code ?? undefined,
    signal: signal ?? undefined,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr,
    tookMs: performance.now() - startedAt,
  }
}

const OURS =
  /^(RAG_|INDEX_DIR$|EMBED_|HF_|(https?|no)_proxy$|(HTTPS?|NO)_PROXY$|DEBUG$|NODE_OPTIONS$|NO_COLOR$|FORCE_COLOR$)/

function environment({dataDir, env}: RagRun): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OURS.test(name))
  return {
    ...Object.fromEntries(inherited),
    // What is asked twice is to be found twice: a test that is about caches turns them on.
    RAG_CACHE: 'off',
    // Nothing is fetched from the world.
    RAG_OFFLINE: '1',
    ...(dataDir === undefined ? {} : {RAG_DATA_DIR: dataDir}),
    ...env,
  }
}
