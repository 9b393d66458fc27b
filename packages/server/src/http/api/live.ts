import { admits, entityBefore, expandTerm, project, writeEntity } from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance } from 'fastify'
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Deps } from '../deps.ts'
import type { Caller } from '#governance/access.ts'
import type { OutboxRow } from '#store/store.ts'
import { linkedContext, readCaller, readParameters } from '../exchange.ts'

const flushEveryMs = 100
const pingEveryMs = 2000
const mostCaughtUp = 20_000
const mostUnsentBytes = 8 * 1024 * 1024

/** The live stream's way to name where a client is. */
export type Live = {
  /** An opaque event id: the caller has seen everything up to the sequence. */
  eventId(caller: Caller, sequence: number): string
  close(): Promise<void>
}

type Pending = { readonly row: OutboxRow; readonly kind: 'created' | 'updated' | 'deleted' }
type Client = {
  readonly caller: Caller
  readonly types: ReadonlySet<string> | undefined
  readonly context: Context
  readonly response: ServerResponse
  readonly pending: Map<string, Pending>
  position: number
  /** While something is being made ready for the client, nothing newer is sent to it, so that no id it is given passes over a gap. */
  isBeingTold: boolean
}

/**
 * `GET /api/live`: changes as server-sent events. Changes of one entity within a tenth of a second come as one, with the id of the newest; an id that is too
 * old, or was given to another caller, is answered by `reset`, whereupon the client fetches the state and goes on.
 */
export function installLive(app: FastifyInstance, deps: Omit<Deps, 'live'>): Live {
  const clients = new Set<Client>()
  const follower = deps.changes.follow(
    deps.store.state().lastSequence,
    (rows) => rows.forEach(offer),
    (error) => deps.log.error('live_failed', { error: String(error) }),
  )
  const flusher = setInterval(() => {
    for (const client of clients) if (client.pending.size > 0) void tell(client, () => flush(client))
  }, flushEveryMs)
  const pinger = setInterval(() => clients.forEach((client) => send(client, 'ping', { now: new Date().toISOString() })), pingEveryMs)

  app.get('/api/live', async (request, reply) => {
    const parameters = readParameters(request, ['types', 'lastEventId'])
    const caller = readCaller(request)
    const link = linkedContext(request)
    const context = link === undefined ? deps.contexts.cityloop : await deps.contexts.compile(link)
    const types = parameters.list('types')
    const given = request.headers['last-event-id'] ?? parameters.get('lastEventId')
    reply.hijack()
    const response = reply.raw
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    const client: Client = {
      caller,
      types: types === undefined ? undefined : new Set(types.map((name) => expandTerm(context, name))),
      context,
      response,
      pending: new Map(),
      position: follower.position(),
      isBeingTold: false,
    }
    response.on('close', () => clients.delete(client))
    clients.add(client)
    if (typeof given === 'string') await tell(client, () => catchUp(client, sequenceOf(caller, given)))
    else send(client, 'ping', { now: new Date().toISOString() }, client.position)
  })

  /** Tells a client something, unless it is being told something else; one that cannot be told is let go, and comes back with the last id it has. */
  async function tell(client: Client, act: () => Promise<void>): Promise<void> {
    if (client.isBeingTold) return
    client.isBeingTold = true
    try {
      await act()
    } catch (error) {
      deps.log.warn('live_client_let_go', { error: String(error) })
      client.response.destroy()
    } finally {
      client.isBeingTold = false
    }
  }

  /** Fills a client in on what it missed; what arrives meanwhile is offered to it as to the others. */
  async function catchUp(client: Client, from: number | undefined): Promise<void> {
    const until = client.position
    const isTooOld = from === undefined || from > until || from + 1 < (await deps.store.oldestChange()) || until - from > mostCaughtUp
    if (isTooOld) return send(client, 'reset', {}, until)
    const missed = new Map<string, Pending>()
    let position = from
    while (position < until) {
      const rows = await deps.store.changesAfter(position, 1000)
      if (rows.length === 0) break
      for (const row of rows) if (row.sequence <= until) note(client, row, missed)
      position = rows.at(-1)?.sequence ?? until
    }
    for (const id of client.pending.keys()) missed.delete(id)
    const changes = await seenBy(client, missed.values())
    send(client, 'change', { changes }, until)
  }

  function offer(row: OutboxRow): void {
    for (const client of clients) {
      client.position = row.sequence
      note(client, row, client.pending)
    }
  }

  function note(client: Client, row: OutboxRow, pending: Map<string, Pending>): void {
    const { change } = row
    if (row.tenant !== client.caller.tenant || change.kind === 'evolution') return
    const { types } = client
    if (types !== undefined && ![...change.typesBefore, ...change.typesAfter].some((type) => types.has(type))) return
    const before = pending.get(change.id)
    pending.set(change.id, { row, kind: before?.kind === 'created' && change.kind === 'updated' ? 'created' : change.kind })
  }

  async function flush(client: Client): Promise<void> {
    const { position } = client
    const pending = [...client.pending.values()]
    client.pending.clear()
    send(client, 'change', { changes: await seenBy(client, pending) }, position)
  }

  /** The changes as the client may see them; an entity of a row that was read back from the outbox as it is now. */
  async function seenBy({ caller, context }: Client, pending: Iterable<Pending>): Promise<Json[]> {
    const scope = deps.access.readScope(caller, 'live')
    const changes: Json[] = []
    for (const { row, kind } of pending) {
      const { change } = row
      const after = kind === 'deleted' ? undefined : (row.after ?? (await deps.store.retrieve(row.tenant, scope, change.id)))
      if (!admits(scope, after ?? entityBefore(change))) continue
      const [type = ''] = [...change.typesAfter, ...change.typesBefore].map((name) => context.names.get(name) ?? name)
      changes.push({
        id: change.id,
        type,
        kind: after === undefined ? 'deleted' : kind,
        entity: after === undefined ? null : writeEntity(project(scope, after), context, { sysAttrs: true }),
      })
    }
    return changes
  }

  function send(client: Client, event: string, data: Json, sequence?: number): void {
    const { response } = client
    if (response.writableLength > mostUnsentBytes) return void response.destroy()
    const id = sequence === undefined ? '' : `id: ${eventId(client.caller, sequence)}\n`
    response.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  return {
    eventId,
    async close() {
      clearInterval(flusher)
      clearInterval(pinger)
      for (const client of clients) client.response.end()
      await follower.close()
    },
  }
}

function eventId(caller: Caller, sequence: number): string {
  return Buffer.from(`${sequence} ${mark(caller)}`).toString('base64url')
}

function sequenceOf(caller: Caller, id: string): number | undefined {
  const [sequence = '', given] = Buffer.from(id, 'base64url').toString().split(' ')
  return given === mark(caller) && /^\d+$/.test(sequence) ? Number(sequence) : undefined
}

/** Binds an event id to who was given it and in which tenant. */
function mark(caller: Caller): string {
  return createHash('sha256').update(`${caller.id}\n${caller.tenant}`).digest('base64url').slice(0, 12)
}
