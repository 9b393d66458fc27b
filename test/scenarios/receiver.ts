import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A notification as it arrived: when (ms of `performance.now`), its id and the entities it told of. */
export type Arrival = { readonly atMs: number; readonly id: string; readonly data: readonly Readonly<Record<string, unknown>>[] }

/** How a receiver behaves; `refuse` closes its port. */
export type Behaviour = 'well' | 'error' | 'slow' | 'never' | 'giant' | 'reset' | 'refuse'

/** A receiver of notifications on 127.0.0.1. What it takes while it behaves well or slowly is kept; of what it does not take, `refused` keeps ids and text. */
export type Receiver = AsyncDisposable & {
  readonly uri: string
  readonly arrivals: readonly Arrival[]
  /** By notification id, the data of every try that was not taken. */
  readonly refused: ReadonlyMap<string, readonly string[]>
  behave(behaviour: Behaviour): Promise<void>
}

const slowMs = 300

/** Opens a receiver that behaves well, or as told. */
export async function openReceiver(behaviour: Behaviour = 'well'): Promise<Receiver> {
  const arrivals: Arrival[] = []
  const refused = new Map<string, string[]>()
  let behaves = behaviour
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The receiver has no port')
  const { port } = address

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const { id, data } = JSON.parse(text) as { id: string; data: Arrival['data'] }
    const take = (): void => {
      arrivals.push({ atMs: performance.now(), id, data })
      response.writeHead(204).end()
    }
    if (behaves !== 'well' && behaves !== 'slow') refused.set(id, [...(refused.get(id) ?? []), JSON.stringify(data)])
    switch (behaves) {
      case 'well':
        return take()
      case 'slow':
        return void setTimeout(take, slowMs)
      case 'error':
        return void response.writeHead(500).end()
      case 'giant':
        response.writeHead(200)
        return sendWithoutEnd(response)
      case 'reset':
        response.writeHead(200, { 'content-length': '1000' })
        response.write('half')
        return void setTimeout(() => request.socket.resetAndDestroy(), 20)
      case 'never':
      case 'refuse':
        return undefined
    }
  }

  async function close(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined
    server.close()
    server.closeAllConnections()
    await closed
  }

  if (behaviour === 'refuse') await close()
  return {
    uri: `http://127.0.0.1:${port}/notify`,
    arrivals,
    refused,
    async behave(next) {
      behaves = next
      if (next === 'refuse') await close()
      else if (!server.listening) {
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      } else server.closeAllConnections()
    },
    [Symbol.asyncDispose]: close,
  }
}

/** A gigabyte, as long as someone reads it. */
function sendWithoutEnd(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024)
  let left = 16_384
  const send = (): void => {
    while (left-- > 0 && !response.destroyed) if (!response.write(chunk)) return
    response.end()
  }
  response.on('drain', send)
  send()
}
