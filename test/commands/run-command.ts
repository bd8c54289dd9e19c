import path from 'node:path'
import {Readable} from 'node:stream'
import {Config} from '@oclif/core/config'
import {RagError, type Rag, type RagOptions} from '../../src/lib/index.js'
import {RagCommand} from '../../src/cli/base-command.js'
import type {Surroundings} from '../../src/cli/surroundings.js'

/** What a command wrote, how it left, and how it opened the library. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
  readonly opened: readonly RagOptions[]
  readonly closed: number
}

/** What a run is given. */
export interface Given {
  readonly rag?: Partial<Rag>
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string | Uint8Array
  readonly tty?: boolean
  readonly columns?: number
  readonly answer?: string
  /** Called with the function that delivers a signal, as soon as the command listens. */
  readonly onListening?: (signal: () => void) => void
}

interface Runnable {
  run(argv: string[], config: Config): Promise<unknown>
}

let config: Promise<Config> | undefined

/** Runs a command from source, in this process, on a fake library. */
export async function runCommand(command: unknown, argv: readonly string[], given: Given = {}): Promise<Ran> {
  config ??= Config.load({root: path.resolve('.')})
  const real = RagCommand.surroundings
  const ran = {stdout: '', stderr: '', exit: 0, opened: [] as RagOptions[], closed: 0}
  const stdin = Readable.from(given.stdin === undefined ? [] : [Buffer.from(given.stdin)])
  RagCommand.surroundings = {
    stdin: Object.assign(stdin, given.tty === true ? {isTTY: true} : {}),
    stdout: sink((text) => (ran.stdout += text), given),
    stderr: sink((text) => (ran.stderr += text), given),
    env: given.env ?? {},
    cwd: given.cwd ?? '/nowhere/at/all',
    openRag: (options) => {
      ran.opened.push(options)
      return Promise.resolve(fakeRag(given.rag ?? {}, () => ran.closed++))
    },
    now: () => Date.UTC(2026, 0, 2),
    setExit: (code) => {
      ran.exit = code
    },
    exitNow: (code) => {
      ran.exit = code
    },
    onSignal: (handler) => given.onListening?.(handler),
    offSignal: () => undefined,
    ask: () => Promise.resolve(given.answer ?? ''),
  } satisfies Surroundings
  try {
    await (command as Runnable).run([...argv], await config)
  } finally {
    RagCommand.surroundings = real
  }
  return ran
}

function sink(take: (text: string) => void, {tty, columns}: Given): Surroundings['stdout'] {
  const write = (text: unknown): boolean => {
    take(String(text))
    return true
  }
  return {write, ...(tty === true ? {isTTY: true, columns: columns ?? 80} : {})} as Surroundings['stdout']
}

/** A library of which only the given methods may be called. */
function fakeRag(methods: Partial<Rag>, onClose: () => void): Rag {
  const close = (): Promise<void> => {
    onClose()
    return Promise.resolve()
  }
  // Every command asks for it at its end.
  const takeDamage = (): Promise<readonly string[]> => Promise.resolve([])
  return new Proxy({close, takeDamage, ...methods} as Rag, {
    get: (target, name) => {
      if (name in target) return target[name as keyof Rag]
      if (name === 'then') return undefined // Not a promise.
      throw new Error(`the command called rag.${String(name)}, which this test does not expect`)
    },
  })
}

/** What the library throws for a corpus that is not there. */
export const corpusMissingSample = new RagError('CORPUS_MISSING', 'There is no corpus "gone" in this store.')
