import {Config} from '@oclif/core/config'
import type {Options} from '@oclif/core/interfaces'
import {run} from '@oclif/core/run'
import {fileURLToPath} from 'node:url'
import {unknownCommand} from '../lib/model/errors/request/command-line.js'
import {guardTerminal, openGate} from './output/gate.js'
import {describeError, renderError, renderErrorJson, wantsDebug, wantsJson} from './render-error.js'
import {keepSecrets} from './settings/known-secrets.js'
import {suggest} from './suggest.js'

/**
 * Runs the command line. Never throws; the exit code is set, and the process ends when everything is written.
 * @param root the folder of package.json
 */
export async function main(argv: readonly string[], root: URL): Promise<void> {
  tameOutputs()
  keepSecrets(process.env, argv)
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
  const {data, messages} = openGate(process)
  if (wantsJson(argv)) data.write(renderErrorJson(error))
  else messages.write(renderError(error, wantsDebug(argv, process.env)))
  process.exitCode = error.exit
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
