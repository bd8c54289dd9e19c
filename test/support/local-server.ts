import type {Server as HttpServer} from 'node:http'
import type {AddressInfo, Server} from 'node:net'

/** Listens on a free port of this machine, and tells the address. */
export async function listenLocally(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Breaks off what is open; nothing listens there any more when it returns. */
export async function stopServer(server: HttpServer): Promise<void> {
  // One of HTTP/2 knows no connections.
  server.closeAllConnections?.()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
