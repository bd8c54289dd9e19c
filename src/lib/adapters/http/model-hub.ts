import {parseJson} from '../../model/input/parse-json.js'
import {dirname, join} from 'node:path'
import type {RetryTools} from '../../kernel/retry.js'
import {
  hubListingBad,
  hubListingEndless,
  hubRefused,
  hubUnreachable,
  modelNotRunnable,
} from '../../model/errors/model/hub.js'
import {RagError} from '../../model/errors/rag-error.js'
import {addressHoldsPassword} from '../../model/errors/request/settings.js'
import {authorization, holdsPassword} from '../../model/secrets/addresses.js'
import {knownSecrets} from '../../model/secrets/known-secrets.js'
import {fetchInterrupted} from '../../model/errors/program/interruption.js'
import {networkFile, type ModelDtype, type PulledFile} from '../../model/model-folder.js'
import type {HttpClient, HttpResponse} from '../../ports/http.js'
import type {ModelHub, PullOptions} from '../../ports/model-library.js'
import {makeFolders} from '../system/durable-folders.js'
import {Download} from './download.js'
import {shownUrl} from './http-failure.js'
import {unreachableReason} from './unreachable-reason.js'

export interface ModelHubOptions {
  readonly http: HttpClient
  readonly tools: RetryTools
  /** Of a hub that speaks as huggingface.co does, such as a mirror. */
  readonly endpoint?: string | undefined
  /** Sent to that hub's own origin alone. */
  readonly token?: string | undefined
  /** Milliseconds until the hub must have begun its first answer. */
  readonly firstAnswerMs?: number | undefined
}

const HUB = 'https://huggingface.co'
/** Within the 5 s that a command may take to say that there is no network. */
const FIRST_ANSWER_MS = 4500
const MAX_LISTING_BYTES = 32 * 1024 ** 2

const NEEDED = ['config.json', 'tokenizer.json']
const WELCOME = [
  'tokenizer_config.json',
  'special_tokens_map.json',
  'sentence_bert_config.json',
  '1_Pooling/config.json',
]

/** A `ModelHub` over the addresses that huggingface.co and its mirrors have. */
export class HttpModelHub implements ModelHub {
  readonly address: string
  readonly #http: HttpClient
  readonly #tools: RetryTools
  readonly #base: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #firstAnswerMs: number

  constructor({http, tools, endpoint = HUB, token, firstAnswerMs = FIRST_ANSWER_MS}: ModelHubOptions) {
    this.#http = http
    this.#tools = tools
    this.#base = endpoint.replace(/\/+$/, '')
    knownSecrets.addKey(token)
    this.#headers = authorization(token)
    this.#firstAnswerMs = firstAnswerMs
    this.address = shownUrl(this.#base)
  }

  async fetch(
    repository: string,
    into: string,
    options: PullOptions,
  ): Promise<{readonly revision: string; readonly files: readonly PulledFile[]}> {
    if (holdsPassword(this.#base))
      throw addressHoldsPassword({what: 'HF_ENDPOINT', address: this.#base, variable: 'HF_TOKEN'})
    const {revision, names} = await this.#listing(repository, options)
    const wanted = neededOf(repository, names, options.dtype ?? 'fp32')
    const download = this.#download(repository, options)
    const files: PulledFile[] = []
    for (const file of wanted) {
      const path = join(into, file)
      makeFolders(dirname(path))
      const url = `${this.#base}/${repository}/resolve/${revision}/${file}`
      files.push({file, ...(await download.file(url, path))})
    }
    return {revision, files}
  }

  #download(repository: string, {signal, onProgress}: PullOptions): Download {
    return new Download(
      this.#http,
      {
        secretHeaders: this.#headers,
        signal,
        onBytes: (done, total) =>
          onProgress?.({phase: 'fetch', done, ...(total === undefined ? {} : {total}), unit: 'bytes'}),
        failed: (why, cause) => hubUnreachable(repository, why, cause),
      },
      this.#tools,
    )
  }

  async #listing(repository: string, {revision = 'main', signal}: PullOptions): Promise<Listing> {
    // Such a part of an address is taken for a step up.
    if (/^\.*$/.test(revision)) throw this.#refused(repository, revision, 404)
    const url = `${this.#base}/api/models/${repository}/revision/${encodeURIComponent(revision)}`
    const limit = AbortSignal.timeout(this.#firstAnswerMs)
    const response = await this.#http
      .send({
        method: 'GET',
        url,
        headers: {...this.#headers, accept: 'application/json'},
        timeoutMs: 30_000,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      .catch((error: unknown) => {
        if (signal?.aborted) throw fetchInterrupted(repository)
        if (error instanceof RagError) throw error
        throw hubUnreachable(
          repository,
          `${this.address} can't be reached: ${unreachableReason(error)}`,
          error,
        )
      })
    if (response.status === 200) return listingIn(await textOf(repository, response), repository)
    await response.discard()
    throw this.#refused(repository, revision, response.status)
  }

  #refused(repository: string, revision: string, status: number): RagError {
    return hubRefused({repository, revision, address: this.address, status})
  }
}

/** @throws RagError MODEL_UNUSABLE */
function neededOf(repository: string, names: readonly string[], dtype: ModelDtype): readonly string[] {
  const network = networkFile(dtype)
  const missing = [...NEEDED, network].find((file) => !names.includes(file))
  if (missing !== undefined) throw modelNotRunnable(repository, missing, names)
  return names.filter(
    (name) => [...NEEDED, ...WELCOME, network].includes(name) || name.startsWith(`${network}_data`),
  )
}

interface Listing {
  readonly revision: string
  readonly names: readonly string[]
}

/** Names that would lead out of the folder are none. */
function listingIn(text: string, repository: string): Listing {
  try {
    const {sha, siblings} = parseJson(knownSecrets.mask(text)) as {
      sha: unknown
      siblings: {rfilename: unknown}[]
    }
    const names = siblings.map(({rfilename}) => rfilename).filter(isFileName)
    if (typeof sha === 'string' && /^[\w-][\w.-]{0,99}$/.test(sha)) return {revision: sha, names}
  } catch {
    // No JSON at all: refused below, as JSON of another shape is.
  }
  throw hubListingBad(repository)
}

const isFileName = (name: unknown): name is string =>
  typeof name === 'string' &&
  /^[\w.-]+(\/[\w.-]+)*$/.test(name) &&
  !name.split('/').some((part) => /^\.+$/.test(part))

async function textOf(repository: string, {body}: HttpResponse): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > MAX_LISTING_BYTES) throw hubListingEndless(repository)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
