import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import path from 'node:path'
import {listenLocally, stopServer} from './local-server.js'

/** A hub of models on this machine, which answers as huggingface.co does: a list of files, redirects to a place for large ones. */
export class HubServer {
  /** `GET /path`, with `range=` where a part was asked for. */
  readonly asked: string[] = []
  readonly tokens: (string | undefined)[] = []
  /** Called first; true when it has answered. */
  meddle: (url: string, response: ServerResponse, request: IncomingMessage) => boolean = () => false
  revision = 'f00dfeed'
  url = ''
  readonly #models = new Map<string, string>()
  readonly #server: Server
  readonly #store: Server
  #storeUrl = ''

  private constructor() {
    this.#server = createServer((request, response) => this.#serve(request, response))
    this.#store = createServer((request, response) => this.#serve(request, response))
  }

  static async start(): Promise<HubServer> {
    const one = new HubServer()
    one.url = await listenLocally(one.#server)
    one.#storeUrl = await listenLocally(one.#store)
    return one
  }

  /** Offers the files of a folder. */
  offer(repository: string, folder: string): void {
    this.#models.set(repository, folder)
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#store]) await stopServer(server)
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? ''
    const {range} = request.headers
    this.asked.push(range === undefined ? url : `${url} ${range}`)
    this.tokens.push(request.headers.authorization)
    if (this.meddle(url, response, request)) return
    const [, listed] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/[^/]+$/.exec(url) ?? []
    if (listed !== undefined) return this.#list(listed, response)
    const [, kind, repository = '', file = ''] =
      /^\/(blob\/)?([^/]+\/[^/]+)\/(?:resolve\/[^/]+\/)?(.+)$/.exec(url) ?? []
    const bytes = this.#bytesOf(repository, file)
    if (!bytes) return void response.writeHead(404).end()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    // Large files lie elsewhere; the hub tells their hash.
    if (kind === undefined && file.endsWith('.onnx'))
      return void response
        .writeHead(302, {
          location: `${this.#storeUrl}/blob/${repository}/${file}`,
          'x-linked-etag': `"${sha256}"`,
        })
        .end()
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    response.writeHead(from > 0 ? 206 : 200, {'content-length': bytes.length - from})
    response.end(bytes.subarray(from))
  }

  #bytesOf(repository: string, file: string): Buffer | undefined {
    const folder = this.#models.get(repository)
    if (folder === undefined) return undefined
    try {
      return readFileSync(path.join(folder, file))
    } catch {
      return undefined
    }
  }

  #list(repository: string, response: ServerResponse): void {
    const folder = this.#models.get(repository)
    if (folder === undefined) return void response.writeHead(404).end()
    const siblings = readdirSync(folder, {recursive: true})
      .map(String)
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((rfilename) => ({rfilename}))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({id: repository, sha: this.revision, siblings}))
  }
}
