import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** A line between browser and server that can be cut: while it is, nothing comes through either way and nobody is told, as when a cable is pulled. */
export class CuttableLine {
  readonly url: string
  readonly #server: Server
  readonly #sockets: Set<Socket>
  readonly #state: { isCut: boolean }

  constructor(server: Server, sockets: Set<Socket>, state: { isCut: boolean }) {
    this.#server = server
    this.#sockets = sockets
    this.#state = state
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  cut(): void {
    this.#state.isCut = true
    for (const socket of this.#sockets) socket.pause().unpipe()
  }

  /** New connections come through again; those from before the cut are dead. */
  mend(): void {
    this.#state.isCut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Opens a line to a server on this machine. */
export async function openLine(url: string): Promise<CuttableLine> {
  const { port } = new URL(url)
  const sockets = new Set<Socket>()
  const state = { isCut: false }
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    if (state.isCut) return
    const far = connect(Number(port), '127.0.0.1')
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return new CuttableLine(server, sockets, state)
}
