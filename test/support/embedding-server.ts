import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {TempHome} from './temp-home.js'
import {listenLocally, stopServer} from './local-server.js'

export interface Asked {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly headers: IncomingMessage['headers']
}

/** An embedding service on this machine, whose answers a test chooses. */
export class EmbeddingServer {
  readonly asked: Asked[] = []
  /** Answers a request; by default with vectors made of each text's letters. */
  answer: (asked: Asked, response: ServerResponse) => unknown = (asked) => ({
    embeddings: textsIn(asked).map(letters),
  })
  /** Stays what it was when the service is stopped. */
  url = ''
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async start(): Promise<EmbeddingServer> {
    const one = new EmbeddingServer()
    one.url = await listenLocally(one.#server)
    return one
  }

  stop(): Promise<void> {
    return stopServer(this.#server)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const asked = {
      path: request.url ?? '',
      body: JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>,
      headers: request.headers,
    }
    this.asked.push(asked)
    const answer = await this.answer(asked, response)
    if (!response.headersSent && answer !== undefined) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    }
  }
}

export function textsIn({body}: Asked): string[] {
  return (body['texts'] ?? body['inputs'] ?? body['input']) as string[]
}

/** Documents below `kb/` whose vectors `letters` tells apart. */
export function writeLetterDocuments(home: TempHome, count: number): void {
  for (let i = 0; i < count; i++)
    home.write(`kb/d${i}.md`, `# Part ${i}\n\n${'abcdefghijklmnopqrstuvwxyz'[i % 26]!.repeat(5)} number ${i}`)
}

/** 26 numbers: how often each letter stands in a text. */
export function letters(text: string): number[] {
  const counts = new Array<number>(26).fill(0)
  for (const letter of text.toLowerCase()) {
    const at = letter.charCodeAt(0) - 97
    if (at >= 0 && at < 26) counts[at]! += 1
  }
  return counts
}

export const status = (
  response: ServerResponse,
  code: number,
  text = '',
  headers: Record<string, string> = {},
): undefined => {
  response.writeHead(code, headers)
  response.end(text)
  return undefined
}
