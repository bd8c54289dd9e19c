import {Config} from '@oclif/core/config'
import type {Options} from '@oclif/core/interfaces'
import {run} from '@oclif/core/run'
import {fileURLToPath} from 'node:url'
import {exitOf} from '../lib/model/errors/error-table.js'
import {unknownCommand} from '../lib/model/errors/request/command-line.js'
import {guardTerminal, openGate} from './output/gate.js'
import {visibleName} from './output/visible.js'
import {
  describeError,
  renderError,
  renderErrorJson,
  wantsDebug,
  wantsJson,
  type ShownError,
} from './render-error.js'
import {keepSecrets} from './settings/known-secrets.js'
import {suggest} from './suggest.js'

/**
 * Runs the command line. Never throws; the exit code is set, and the process ends when everything is written.
 * @param root the folder of package.json
 */
export async function main(argv: readonly string[], root: URL): Promise<void> {
  tameOutputs()
  keepSecrets(process.env, argv)
  tameFaults(argv)
  try {
    await run(helpFirst(argv), frameOptions(root))
  } catch (thrown) {
    await show(thrown, argv, root)
  }
}

/**
 * The frame takes RAG_DATA_DIR for a folder of its own, where plugins of the user may be installed. It is the folder of the store:
 * nothing is looked for there, and no code of others is run.
 */
function frameOptions(root: URL): Options {
  return {root: fileURLToPath(new URL('package.json', root)), userPlugins: false, devPlugins: false}
}

/** `rag help COMMAND` is `rag COMMAND --help`. */
function helpFirst(argv: readonly string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
}

/** What commands did not catch themselves: that there is no such command, and faults in the frame. */
async function show(thrown: unknown, argv: readonly string[], root: URL): Promise<void> {
  const missing = thrown instanceof Error ? /^command (.*) not found$/s.exec(thrown.message)?.[1] : undefined
  const error = describeError(missing === undefined ? thrown : await explained(missing, root))
  if (isQuietExit(thrown)) {
    process.exitCode = 0
    return
  }
  print(error, argv)
  process.exitCode = error.exit
}

function print(error: ShownError, argv: readonly string[]): void {
  const {data, messages} = openGate(process)
  if (wantsJson(argv)) data.write(renderErrorJson(error))
  else messages.write(renderError(error, wantsDebug(argv, process.env)))
}

/**
 * What nobody caught ends the process: in a line or two, as any other fault. Warnings of Node pass the gate as well. Left to itself, Node writes
 * both past `process.stderr`, with secrets and control characters.
 */
function tameFaults(argv: readonly string[]): void {
  const end = (thrown: unknown): void => {
    print(describeError(thrown), argv)
    process.exit(exitOf('INTERNAL'))
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
  // Nobody listens where Node was told to be silent.
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  process.on('warning', ({name, message}) => {
    if (name === 'DeprecationWarning' && process.noDeprecation) return
    openGate(process).messages.write(`rag: warning: ${visibleName(`${name}: ${message}`)}\n`)
  })
}

async function explained(id: string, root: URL): Promise<Error> {
  const config = await Config.load(frameOptions(root))
  const known = [...config.commandIDs, ...config.topics.map((topic) => topic.name)].map((name) =>
    name.replaceAll(':', ' '),
  )
  const spoken = id.replaceAll(':', ' ')
  // What follows an unknown word may be its arguments: the first word alone is tried as well.
  return unknownCommand(spoken, suggest(spoken, known) ?? suggest(spoken.split(' ')[0] ?? '', known))
}

function isQuietExit(thrown: unknown): boolean {
  const {code, oclif} = thrown as {code?: string; oclif?: {exit?: number}}
  return code === 'EEXIT' && oclif?.exit === 0
}

/** A terminal acts on nothing but colours. A reader that stops reading (`| head`) is no failure: there is no one left to tell. */
function tameOutputs(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  guardTerminal(process.stdout)
  guardTerminal(process.stderr)
}
