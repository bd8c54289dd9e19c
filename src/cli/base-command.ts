import {Command} from '@oclif/core/command'
import type {Input, ParserOutput} from '@oclif/core/interfaces'
import type {CommandResult} from '../contract/index.js'
import {
  corpusName,
  type CallOptions,
  type Logger,
  type Rag,
  type RagError,
  type RagOptions,
} from '../lib/index.js'
import {cacheOptions} from './settings/cache-options.js'
import {embeddingOptions} from './settings/embedding-options.js'
import {exitOf} from '../lib/model/errors/error-table.js'
import {rowsLeftOut} from '../lib/model/errors/store/store.js'
import {unknownFlags} from '../lib/model/errors/request/command-line.js'
import {EXIT_DONE} from './exit-codes.js'
import {explainUsage} from './explain-usage.js'
import {globalFlags, withNullFlag} from './flags/flags.js'
import {watchInterrupts} from './interrupts.js'
import {modelOptions} from './settings/model-options.js'
import {openGate, type Gate} from './output/gate.js'
import {makeLogger} from './output/make-logger.js'
import {makeProgress} from './output/progress.js'
import {describeError, renderError, renderErrorJson, wantsDebug, wantsJson} from './render-error.js'
import {keepSecrets} from './settings/known-secrets.js'
import {resolveConfig, type RagConfig} from './settings/resolve-config.js'
import {screenOf, type Screen} from './output/screen.js'
import {visibleName} from './output/visible.js'
import {suggest} from './suggest.js'
import {processSurroundings, type Surroundings} from './surroundings.js'

/** What oclif's parser makes, by name. */
type Output = Record<string, unknown>

/** What every long call of a command is given. */
export type CommandCall = CallOptions & {readonly [K in 'signal' | 'onProgress']: NonNullable<CallOptions[K]>}

/** Flags that this class reads itself. */
interface CommonFlags {
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  readonly wait?: number
}

/**
 * The life of every command: parse → settle the settings → open the library → one call → render → close. A command says only
 * what is its own. Nothing is written but through `print`, `printJson`, `data` and `out`, and to stderr through `hint`, `caution`, `say` and `fail`.
 */
export abstract class RagCommand extends Command {
  static override baseFlags = globalFlags
  /** The process; tests put their own here. */
  static surroundings: Surroundings = processSurroundings()
  /** True for commands that write: the first interrupt then lets the batch in hand be finished. */
  static finishesBatch = false

  protected settings!: RagConfig
  protected screen!: Screen
  #flags: CommonFlags = {json: false, quiet: false, debug: false}
  #gate: Gate | undefined

  /** What is written passes it. */
  get #out(): Gate {
    return (this.#gate ??= openGate(this.around))
  }

  protected get around(): Surroundings {
    return RagCommand.surroundings
  }

  /** The corpus that this run is about. @throws RagError BAD_NAME */
  protected get corpus(): string {
    return corpusName(this.settings.corpus.value ?? 'default')
  }

  protected get quiet(): boolean {
    return this.#flags.quiet
  }

  protected get asJson(): boolean {
    return this.#flags.json
  }

  protected override async parse<F extends Output, B extends Output, A extends Output>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const words = argv ?? this.argv
    keepSecrets(this.around.env, words)
    const parsed = await super.parse<F, B, A>(
      options,
      'null' in {...this.ctor.flags} ? withNullFlag(words) : words,
    )
    this.#flags = {...(parsed.flags as unknown as CommonFlags)}
    if (wantsDebug(this.argv, this.around.env)) this.#flags = {...this.#flags, debug: true}
    this.screen = screenOf(this.#out.text, this.around.env)
    this.settings = resolveConfig(parsed.flags, this.around)
    return parsed
  }

  /** Opens the store, does `work`, and closes it whatever happens. */
  protected async withRag<T>(work: (rag: Rag, call: CommandCall) => Promise<T>): Promise<T> {
    const {finishesBatch} = this.constructor as typeof RagCommand
    const {messages, drawing} = this.#out
    const progress = makeProgress({
      messages,
      drawing,
      quiet: this.quiet,
      monotonic: () => performance.now(),
      soon: finishesBatch,
    })
    const interrupts = watchInterrupts({around: this.around, messages}, finishesBatch, progress)
    let rag: Rag | undefined
    try {
      const logger = clearingProgress(
        await makeLogger(this.settings, this.#flags.debug, messages),
        progress.clear,
      )
      rag = await this.around.openRag(this.#ragOptions(logger))
      const result = await work(rag, {signal: interrupts.signal, onProgress: progress.sink})
      this.#tellOfDamage(await rag.takeDamage())
      return result
    } finally {
      progress.stop()
      interrupts.dispose()
      await rag?.close()
    }
  }

  /** What a call left out because it is not what was stored. */
  #tellOfDamage(rows: readonly string[]): void {
    if (rows.length === 0) return
    this.caution(rowsLeftOut(rows))
    this.setExit(exitOf('STORE_DAMAGED'))
  }

  /** The result: its JSON with `--json`, else its text. Only the one that is needed is made. */
  protected print(json: () => CommandResult, text: () => string): void {
    if (this.asJson) this.printJson(json())
    else this.out(text())
  }

  protected printJson(value: CommandResult): void {
    this.data(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** Text for people, to stdout. */
  protected out(text: string): void {
    if (text !== '') this.#out.text.write(text)
  }

  /** Data, to stdout, as it is but on a terminal. */
  protected data(text: string): void {
    if (text !== '') this.#out.data.write(text)
  }

  /** Data in bytes, to stdout, not faster than the reader takes it. */
  protected outBytes(bytes: Uint8Array): Promise<void> {
    return this.#out.writeBytes(bytes)
  }

  /** Whole lines to stderr, also when quiet. */
  protected say(lines: string): void {
    if (lines !== '') this.#out.messages.write(lines)
  }

  /** A word to the person, on stderr; not when quiet. */
  protected hint(text: string): void {
    if (!this.quiet) this.say(`${text}\n`)
  }

  /** Something that must be seen even in a cron mail: on stderr, also when quiet. */
  protected caution(text: string): void {
    this.say(`rag: warning: ${visibleName(text)}\n`)
  }

  /** Asks on the terminal and gives the answer as typed; undefined when there is nobody to ask. */
  protected async ask(question: string): Promise<string | undefined> {
    if (this.asJson || this.around.stdin.isTTY !== true || this.#out.messages.isTTY !== true) return undefined
    this.say(question)
    return this.around.ask()
  }

  /** Shows why a call could not do all, beside the report of what it did. */
  protected fail(failure: RagError): void {
    const error = describeError(failure, (this.id ?? '').replaceAll(':', ' '))
    if (!this.asJson) this.say(renderError(error, this.#flags.debug))
    this.around.setExit(error.exit)
  }

  protected setExit(code: number): void {
    if (code !== EXIT_DONE) this.around.setExit(code)
  }

  /** Shows any failure in the house's way. Nothing is thrown on: oclif would print it again and choose another exit. */
  protected override async catch(thrown: Error): Promise<void> {
    const command = (this.id ?? '').replaceAll(':', ' ')
    const {env} = this.around
    const error = describeError(this.#explained(thrown, command), command)
    if (wantsJson(this.argv)) this.data(renderErrorJson(error))
    else this.say(renderError(error, wantsDebug(this.argv, env)))
    if (wantsJson(this.argv) && wantsDebug(this.argv, env)) this.say(renderError(error, true))
    this.around.setExit(error.exit)
  }

  /** The errors of oclif's parser in the house's words. A flag that does not exist is answered with the one that was likely meant. */
  #explained(thrown: Error, command: string): Error {
    const takers = {...this.ctor.flags, ...this.ctor.args} as Parameters<typeof explainUsage>[1]
    const explained = explainUsage(thrown, takers, command)
    if (explained !== undefined) return explained
    const flags = (thrown as Error & {flags?: unknown}).flags
    if (!Array.isArray(flags) || !('parse' in thrown)) return thrown
    const known = Object.keys({...globalFlags, ...this.ctor.flags})
    return unknownFlags(flags.map(String), suggest(String(flags[0]).replace(/^-+/, ''), known), command)
  }

  #ragOptions(logger: Logger): RagOptions {
    const {dataDir, durability, index_dir: indexDir, max_workers: maxWorkers} = this.settings
    return {
      dataDir: dataDir.value,
      logger,
      durability: durability.value,
      cache: cacheOptions(this.settings),
      embedding: embeddingOptions(this.settings, this.around.env),
      models: modelOptions(this.settings, this.around),
      chat: chatPlaces(this.around.env),
      indexDir: indexDir.value,
      maxWorkers: maxWorkers.value,
      waitMs: this.#flags.wait && Math.round(1000 * this.#flags.wait),
    }
  }
}

/** Addresses and keys of chat services come from the environment alone. */
function chatPlaces(env: Surroundings['env']): NonNullable<RagOptions['chat']> {
  const of = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  return {
    openaiBaseUrl: of('OPENAI_BASE_URL'),
    openaiKey: of('OPENAI_API_KEY'),
    ollamaHost: of('OLLAMA_HOST'),
    awsRegion: of('AWS_REGION') ?? of('AWS_DEFAULT_REGION'),
    bedrockEndpoint: of('AWS_ENDPOINT_URL_BEDROCK_RUNTIME'),
  }
}

function clearingProgress(logger: Logger, clear: () => void): Logger {
  return {
    ...logger,
    warn: (message, fields) => {
      clear() // Else the warning would be written into the bar's line.
      logger.warn(message, fields)
    },
  }
}
