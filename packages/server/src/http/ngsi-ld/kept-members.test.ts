import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { openTestBroker, until } from './broker.fixture.ts'
import type { TestBroker } from './broker.fixture.ts'

// The members of what the broker keeps for its callers: entity maps, snapshots, its identity.

let broker: TestBroker
let receiver: Server
const received: { readonly headers: IncomingHttpHeaders; readonly body: any }[] = []
before(async () => {
  broker = await openTestBroker()
  for (const n of [1, 2]) await broker.ask('POST', '/entities', { id: `urn:v:${n}`, type: 'Van', load: n })
  receiver = createServer((request, reply) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) })
      reply.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  await broker.close()
  await new Promise((resolve) => receiver.close(resolve))
})

const vans = { type: 'Query', entities: [{ type: 'Van' }] }
const snapshot = (id: string, members: object = {}): object => ({ id, type: 'Snapshot', snapshotQueries: [vans], ...members })
const filled = (id: string): Promise<any> =>
  until(async () => {
    const { json } = await broker.ask('GET', `/snapshots/${id}`)
    return json.snapshotStatus === 'preparing' ? undefined : json
  })

async function refuses(path: string, body: unknown): Promise<void> {
  const reply = await broker.ask('POST', path, body)
  assert.deepEqual([reply.status, reply.json?.title], [400, 'BadRequestData'], JSON.stringify(body))
}

void test('4.5.25 5.2.39 an entity map has an id, its type, the time at which it ends, and of each entity who has it', async () => {
  const made = await broker.ask('POST', '/entityMaps', { ...vans, entityMapLifetime: 'PT1H' })
  assert.equal(made.status, 201, made.text)
  const { id, expiresAt, ...rest } = made.json
  assert.match(id, /^urn:/)
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000) < 60_000)
  assert.deepEqual(rest, { type: 'EntityMap', entityMap: { 'urn:v:1': ['@none'], 'urn:v:2': ['@none'] }, linkedMaps: {} })
  const linked = await broker.ask('GET', `/entityMaps/${id}`, undefined, { accept: 'application/ld+json' })
  assert.match(JSON.stringify(linked.json['@context']), /ngsi-ld-core-context/)
  // What the broker generates is ignored where a client states it.
  const later = new Date(Date.now() + 7_200_000).toISOString()
  const lies = { entityMap: { 'urn:x:1': ['@none'] }, linkedMaps: { 'urn:r:1': 'urn:m:1' } }
  assert.equal((await broker.ask('PATCH', `/entityMaps/${id}`, { expiresAt: later, ...lies })).status, 204)
  assert.deepEqual((await broker.ask('GET', `/entityMaps/${id}`)).json, { id, ...rest, expiresAt: later })
})

void test('5.2.40 the identity of a source has its alias, how long it runs, and the time', async () => {
  const { json } = await broker.ask('GET', '/info/sourceIdentity')
  assert.deepEqual(Object.keys(json).toSorted().slice(0, 3), ['contextSourceAlias', 'contextSourceTimeAt', 'contextSourceUptime'])
  assert.equal(json.type, 'ContextSourceIdentity')
  assert.match(json.id, /^[a-z]+:\S+$/)
  assert.match(json.contextSourceAlias, /^[!#$%&'*+\-.^_`|~0-9A-Za-z:]+$/)
  assert.match(json.contextSourceUptime, /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/)
  assert.ok(Math.abs(Date.parse(json.contextSourceTimeAt) - Date.now()) < 60_000)
})

void test('5.2.41 a snapshot has queries, a lifetime and a priority from 1 to 10; what the broker generates is not taken from a client', async () => {
  const lies = { snapshotStatus: 'failure', createdAt: '2001-01-01T00:00:00Z', expiresAt: '2001-01-01T00:00:00Z', lastUsedAt: '2001-01-01T00:00:00Z' }
  const given = snapshot('urn:snap:1', { snapshotLifetime: 'PT1H', snapshotPriority: 10 })
  assert.equal((await broker.ask('POST', '/snapshots', { ...given, ...lies })).status, 201)
  const { createdAt, modifiedAt, expiresAt, lastUsedAt, ...rest } = await filled('urn:snap:1')
  assert.deepEqual(rest, { ...given, snapshotStatus: 'success', snapshotQueriesDetails: [{ resultStatus: 'success' }] })
  for (const time of [createdAt, modifiedAt, lastUsedAt]) assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000)
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.parse(createdAt) - 3_600_000) < 60_000)
  const unnamed = await broker.ask('POST', '/snapshots', { type: 'Snapshot', snapshotQueries: [vans] })
  assert.match(String(unnamed.headers['location']), /\/snapshots\/urn:/)
  const temporal = { ...vans, temporalQ: { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' } }
  const wrong: readonly object[] = [
    { type: 'Photo' },
    { id: 'no uri' },
    { snapshotQueries: undefined },
    { snapshotQueries: [] },
    { snapshotQueries: [temporal] },
    { snapshotQueries: [{ type: 'Query', q: '==' }] },
    { snapshotTemporalQueries: [vans] },
    { snapshotLifetime: 'an hour' },
    { snapshotPriority: 0 },
    { snapshotPriority: 11 },
    { snapshotPriority: 2.5 },
    { endpoint: 'nowhere' },
    { receiverInfo: [{ key: 'X-Key' }] },
  ]
  for (const members of wrong) await refuses('/snapshots', snapshot('urn:snap:wrong', members))
  await refuses('/snapshots/urn:snap:1/clone', snapshot('urn:snap:wrong'))
  assert.equal((await broker.ask('GET', '/snapshots/urn:snap:wrong')).status, 404)
})

void test('5.2.42 each query of a snapshot tells how it went, and all together what the snapshot is', async () => {
  const empty = { type: 'Query', entities: [{ type: 'Cart' }] }
  await broker.ask('POST', '/snapshots', snapshot('urn:snap:2', { snapshotQueries: [empty, vans] }))
  const partial = await filled('urn:snap:2')
  assert.deepEqual(partial.snapshotQueriesDetails, [{ resultStatus: 'empty' }, { resultStatus: 'success' }])
  assert.equal(partial.snapshotStatus, 'partial')
  await broker.ask('POST', '/snapshots', snapshot('urn:snap:3', { snapshotQueries: [empty] }))
  assert.equal((await filled('urn:snap:3')).snapshotStatus, 'empty')
})

void test('5.3.4 5.16.6 the endpoint of a snapshot is told with its own headers when it is ready and when it was changed', async () => {
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/n`
  const receiverInfo = [{ key: 'X-Key', value: 'k' }]
  const temporal = { ...vans, temporalQ: { timerel: 'after', timeAt: '2025-01-01T00:00:00Z' } }
  await broker.ask('POST', '/snapshots', snapshot('urn:snap:4', { endpoint, receiverInfo, snapshotTemporalQueries: [temporal], snapshotPriority: 3 }))
  const first = await until(() => received[0])
  assert.equal(first.headers['x-key'], 'k')
  const { expiresAt, id, notifiedAt, ...rest } = first.body
  assert.match(id, /^urn:/)
  assert.ok(Date.parse(expiresAt) > Date.parse(notifiedAt))
  const details = { snapshotQueriesDetails: [{ resultStatus: 'success' }], temporalSnapshotQueriesDetails: rest.temporalSnapshotQueriesDetails }
  assert.equal(details.temporalSnapshotQueriesDetails.length, 1)
  assert.deepEqual(rest, {
    type: 'SnapshotNotification',
    snapshotId: 'urn:snap:4',
    snapshotPriority: 3,
    snapshotStatus: (await filled('urn:snap:4')).snapshotStatus,
    ...details,
  })
  await broker.ask('PATCH', '/snapshots/urn:snap:4', { snapshotPriority: 7 })
  assert.equal((await until(() => received[1])).body.snapshotPriority, 7)
})
