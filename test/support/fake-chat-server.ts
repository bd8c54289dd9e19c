import {createServer as createHttp2, type ServerHttp2Session} from 'node:http2'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import {crc32} from 'node:zlib'
import {listenLocally, stopServer} from './local-server.js'

export type Reply = (response: ServerResponse, body: string, request: IncomingMessage) => void | Promise<void>

/** A chat service on this machine whose replies are set by the test; keeps what it was asked. */
export class FakeChatServer {
  readonly asked: {
    readonly path: string
    readonly body: string
    readonly authorization: string | undefined
  }[] = []
  reply: Reply = (response) => void response.writeHead(404).end()
  readonly #server: Server
  readonly #sessions = new Set<ServerHttp2Session>()

  /** AWS's services are asked by HTTP/2. */
  constructor(http2 = false) {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      let body = ''
      request.on('data', (part: Buffer) => (body += String(part)))
      request.on('end', () => {
        const {authorization} = request.headers
        this.asked.push({path: request.url ?? '', body, authorization})
        void this.reply(response, body, request)
      })
    }
    const second = createHttp2(handle as never)
    second.on('session', (session) => this.#sessions.add(session))
    this.#server = http2 ? (second as unknown as Server) : createServer(handle)
  }

  start(): Promise<string> {
    return listenLocally(this.#server)
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy()
    await stopServer(this.#server)
  }
}

/** The pieces of an answer as OpenAI-compatible services stream them; `finish` undefined: the stream just ends. */
export function openaiStream(pieces: readonly string[], finish: string | undefined = 'stop'): string {
  const events = pieces.map((content) => ({choices: [{delta: {content}, finish_reason: null}]}))
  const end = [
    {choices: [{delta: {}, finish_reason: finish}]},
    {choices: [], usage: {prompt_tokens: 10, completion_tokens: 3}},
  ]
  const lines = [...events, ...(finish === 'cut' ? [] : end)].map((it) => `data: ${JSON.stringify(it)}\n\n`)
  return lines.join('') + (finish === 'cut' ? '' : 'data: [DONE]\n\n')
}

export function ollamaStream(
  pieces: readonly string[],
  more: object = {done: true, done_reason: 'stop'},
): string {
  const lines = pieces.map((content) => ({message: {role: 'assistant', content}, done: false}))
  const end = {message: {content: ''}, prompt_eval_count: 10, eval_count: 3, ...more}
  return [...lines, end].map((it) => `${JSON.stringify(it)}\n`).join('')
}

/** A message of AWS's binary event stream. */
export function awsEvent(type: string, payload: object): Buffer {
  const header = (name: string, value: string): Buffer => {
    const head = Buffer.from([name.length, ...Buffer.from(name), 7, 0, 0])
    head.writeUInt16BE(value.length, head.length - 2)
    return Buffer.concat([head, Buffer.from(value)])
  }
  const headers = Buffer.concat([
    header(':event-type', type),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ])
  const body = Buffer.from(JSON.stringify(payload))
  const prelude = Buffer.alloc(12)
  prelude.writeUInt32BE(16 + headers.length + body.length, 0)
  prelude.writeUInt32BE(headers.length, 4)
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8)
  const message = Buffer.concat([prelude, headers, body])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(message))
  return Buffer.concat([message, sum])
}
