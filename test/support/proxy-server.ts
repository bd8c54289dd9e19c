import {createServer, request as ask, type IncomingMessage, type Server} from 'node:http'
import {listenLocally, stopServer} from './local-server.js'

/** A forward proxy on this machine, as most are: plain addresses in absolute form, tunnels for 443 alone. */
export class ProxyServer {
  /** `POST http://host/path` and `CONNECT host:port`, in order. */
  readonly asked: string[] = []
  readonly credentials: (string | undefined)[] = []
  /** Where plain requests end, whatever host they name. */
  target = ''
  url = ''
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#note(request)
      const to = new URL(request.url ?? '')
      const at = new URL(this.target)
      const onward = ask({
        host: at.hostname,
        port: at.port,
        method: request.method,
        path: to.pathname,
        headers: {...request.headers, 'x-host': request.headers.host ?? ''},
      })
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      onward.on('error', () => response.writeHead(502).end())
      request.pipe(onward)
    })
    this.#server.on('connect', (request: IncomingMessage, socket) => {
      this.#note(request)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
  }

  #note(request: IncomingMessage): void {
    this.asked.push(`${request.method} ${request.url}`)
    this.credentials.push(request.headers['proxy-authorization'])
  }

  static async start(): Promise<ProxyServer> {
    const one = new ProxyServer()
    one.url = await listenLocally(one.#server)
    return one
  }

  stop(): Promise<void> {
    return stopServer(this.#server)
  }
}
