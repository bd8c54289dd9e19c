import {nodeFileOperations} from '../adapters/files/file-operations.js'
import {systemRetryTools} from '../adapters/system/retry-tools.js'
import type {RetryTools} from '../kernel/retry.js'
import {specOf} from '../model/embedding.js'
import type {ChatModel} from '../ports/chat-model.js'
import type {Embedder, FittedModel} from '../ports/embedder.js'
import type {HttpClient} from '../ports/http.js'
import type {ModelServices, Services} from '../ports/services.js'
import {closeAll} from './close-all.js'
import type {ServedModels} from './create-providers.js'
import type {RagOptions} from './rag-options.js'
import {workerUrl} from './worker-url.js'

/** Models, each opened when it is first asked for and kept until `close`. */
export class OpenedModels implements ModelServices {
  readonly #options: RagOptions
  readonly #services: Pick<Services, 'analyser' | 'clock' | 'threads'>
  readonly #retry: RetryTools
  readonly #chats = new Map<string, Promise<ChatModel>>()
  readonly #embedders = new Map<string, Promise<Embedder>>()
  #learned: Promise<FittedModel> | undefined
  #http: Promise<HttpClient> | undefined
  #served: Promise<ServedModels> | undefined

  constructor(options: RagOptions, services: Pick<Services, 'analyser' | 'clock' | 'threads'>) {
    this.#options = options
    this.#services = services
    this.#retry = systemRetryTools(services.clock)
  }

  learned(): Promise<FittedModel> {
    const {analyser, threads} = this.#services
    return (this.#learned ??= import('../lsa/create-lsa.js').then(({createLsa}) =>
      createLsa({analyser, files: nodeFileOperations, threads, workerUrl}),
    ))
  }

  async providers(): ReturnType<ModelServices['providers']> {
    return (await this.#servedModels()).providers
  }

  async library(): ReturnType<ModelServices['library']> {
    return (await this.#servedModels()).library
  }

  async keptOpen(
    {spec, known}: Parameters<ModelServices['keptOpen']>[0],
    open: () => Promise<Embedder>,
  ): Promise<Embedder> {
    const key = JSON.stringify([specOf(spec), known?.fingerprint])
    const opened = this.#embedders.get(key) ?? open()
    this.#embedders.set(key, opened)
    try {
      const embedder = await opened
      const {identity, limits, defaultWeight} = embedder
      return {
        identity,
        limits,
        defaultWeight,
        embed: (inputs, options) => embedder.embed(inputs, options),
        close: () => Promise.resolve(),
      }
    } catch (error) {
      this.#embedders.delete(key)
      throw error
    }
  }

  chat(name: string): Promise<ChatModel> {
    const own = this.#options.chatModels?.find((model) => model.name === name)
    if (own) return Promise.resolve(own)
    const opened =
      this.#chats.get(name) ??
      import('../adapters/chat/create-chat-model.js').then(async ({createChatModel}) =>
        createChatModel(name, this.#options.chat ?? {}, {http: await this.#httpClient(), tools: this.#retry}),
      )
    this.#chats.set(name, opened)
    return opened
  }

  async close(): Promise<void> {
    await closeAll([...this.#embedders.values(), ...this.#chats.values(), this.#served, this.#http])
    this.#embedders.clear()
    this.#chats.clear()
    this.#served = undefined
    this.#http = undefined
  }

  #servedModels(): Promise<ServedModels> {
    const {threads} = this.#services
    return (this.#served ??= import('./create-providers.js').then(async ({createProviders}) =>
      createProviders(this.#options, {threads, http: await this.#httpClient(), tools: this.#retry}),
    ))
  }

  /** What goes over the network goes through it. */
  #httpClient(): Promise<HttpClient> {
    const {proxy} = this.#options.embedding ?? {}
    return (this.#http ??= import('../adapters/http/http-client.js').then(({httpClient}) =>
      httpClient(proxy ? {proxy} : {}),
    ))
  }
}
