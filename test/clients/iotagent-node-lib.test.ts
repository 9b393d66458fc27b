import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import agent from 'iotagent-node-lib'
import type { Attribute, Device } from 'iotagent-node-lib'
import { freePort, openBroker } from '../federation/brokers.ts'
import type { Answer, Broker } from '../federation/brokers.ts'

const [service, path, apikey] = ['factory', '/robots', 'robots-key']
const id = 'urn:ngsi-ld:Robot:r1'

let broker: Broker
let agentUrl: string
/** What reached the agent through the broker. */
const commands: unknown[] = []
const notified: unknown[] = []

before(async () => {
  broker = await openBroker('agents')
  const port = await freePort()
  agentUrl = `http://127.0.0.1:${port}`
  const { hostname, port: brokerPort } = new URL(broker.url)
  await promisify(agent.activate)({
    logLevel: 'FATAL',
    // A registration of the agent names no tenant, so what is forwarded names none either (4.14): the agent falls back on these.
    contextBroker: {
      host: hostname,
      port: brokerPort,
      ngsiVersion: 'ld',
      jsonLdContext: 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',
      service,
      subservice: path,
    },
    server: { host: '127.0.0.1', port },
    deviceRegistry: { type: 'memory' },
    types: {},
    service,
    subservice: path,
    providerUrl: agentUrl,
    defaultType: 'Thing',
  })
  agent.setCommandHandler((name, type, tenant, scope, attributes, done) => {
    commands.push(...attributes.map((attribute) => ({ name, tenant, scope, command: attribute.name, value: attribute.value })))
    done(null, { id: name, type })
  })
  agent.setDataQueryHandler((name, type, _service, _path, _names, done) => done(null, { id: name, type, battery: { type: 'Property', value: 77 } }))
  agent.setNotificationHandler((device, values, done) => {
    notified.push({ device: device.id, values: values.map(({ name, value }) => [name, value]) })
    done(null)
  })
})
after(async () => {
  await promisify(agent.deactivate)()
  await broker.close()
})

test('the library starts without MongoDB and provisions a group and a device, which registers its command and its lazy attribute (5.9.2)', async () => {
  const group = { apikey, resource: '/iot/robots', entity_type: 'Robot', attributes: [{ object_id: 's', name: 'speed', type: 'Number' }] }
  assert.equal((await provision('POST', '/iot/services', { services: [group] })).status, 201)
  const device = {
    device_id: 'r1',
    apikey,
    entity_name: id,
    entity_type: 'Robot',
    attributes: group.attributes,
    lazy: [{ name: 'battery', type: 'Number' }],
    commands: [{ name: 'position', type: 'Array' }],
    static_attributes: [{ name: 'maker', type: 'Text', value: 'ACME' }],
  }
  assert.equal((await provision('POST', '/iot/devices', { devices: [device] })).status, 201)
  const { body } = await asked('GET', '/csourceRegistrations?type=Robot')
  assert.equal(body.length, 1)
  assert.deepEqual([body[0].mode, body[0].operations, body[0].endpoint], ['exclusive', ['retrieveOps', 'updateOps'], agentUrl])
  assert.deepEqual(body[0].information, [{ entities: [{ id, type: 'Robot' }], propertyNames: ['battery', 'position'] }])
})

test('a measure of the library is stored in its tenant, and a second one leaves other attributes alone (5.6.8)', async () => {
  await measure([{ name: 'speed', type: 'Number', value: 1.5 }])
  await measure([{ name: 'place', type: 'geo:point', value: '16.4, 48.2' }])
  const { body } = await asked('GET', `/entities/${id}?local=true`)
  assert.deepEqual(body.speed, { type: 'Property', value: 1.5 })
  assert.deepEqual(body.place, { type: 'GeoProperty', value: { type: 'Point', coordinates: [16.4, 48.2] } })
  assert.deepEqual(body.maker, { type: 'Property', value: 'ACME' })
  assert.equal((await broker.ask('GET', `/entities/${id}`)).status, 404)
})

test('a lazy attribute is read from the library when the entity is (5.7.1)', async () => {
  const { body } = await asked('GET', `/entities/${id}`)
  assert.deepEqual([body.battery.value, body.speed.value], [77, 1.5])
})

test('a command reaches the library by an update of one attribute and of several, and is not stored (5.6.4, 5.6.2)', async () => {
  assert.equal((await asked('PATCH', `/entities/${id}/attrs/position`, { type: 'Property', value: [3, 4] })).status, 204)
  assert.equal((await asked('PATCH', `/entities/${id}/attrs`, { position: { type: 'Property', value: [5, 6] } })).status, 204)
  assert.deepEqual(commands, [
    { name: id, tenant: service, scope: path, command: 'position', value: [3, 4] },
    { name: id, tenant: service, scope: path, command: 'position', value: [5, 6] },
  ])
  assert.equal((await asked('GET', `/entities/${id}?local=true`)).body.position, undefined)
})

test('the result of a command is written as its status and its info (5.6.8)', async () => {
  const device = await provisioned()
  await promisify(agent.setCommandResult)(id, '/iot/robots', apikey, 'position', '[5,6]', 'FINISHED', device)
  const { body } = await asked('GET', `/entities/${id}?local=true`)
  assert.deepEqual([body.position_status.value, body.position_info.value], ['FINISHED', '[5,6]'])
  assert.equal(body.speed.value, 1.5)
})

test('the library subscribes to an attribute, is notified in its tenant, and unsubscribes (5.8.1, 5.8.5, 5.8.6)', async () => {
  const location = await promisify(agent.subscribe)(await provisioned(), ['mood'], ['mood'], 'normalized')
  assert.match(String(location), /^\/ngsi-ld\/v1\/subscriptions\/urn:/)
  assert.equal((await asked('POST', `/entities/${id}/attrs`, { mood: { type: 'Property', value: 'glad' } })).status, 204)
  for (const until = Date.now() + 5000; notified.length === 0 && Date.now() < until;) await pause(20)
  assert.deepEqual(notified, [{ device: 'r1', values: [['mood', 'glad']] }])
  await promisify(agent.unsubscribe)(await provisioned(), String(location).split('/').at(-1) ?? '')
  assert.deepEqual((await asked('GET', '/subscriptions')).body, [])
})

test('5.2.14.1 an empty list of attributes, which the library sends where none is named, is refused', async () => {
  const refused = promisify(agent.subscribe)(await provisioned(), ['mood'], undefined, 'normalized')
  await assert.rejects(refused, { name: 'ENTITY_GENERIC_ERROR', code: 400 })
})

test('a device that is taken out of the library takes its registration along (5.9.4)', async () => {
  assert.equal((await provision('DELETE', '/iot/devices/r1', undefined, `?apikey=${apikey}`)).status, 204)
  assert.deepEqual((await asked('GET', '/csourceRegistrations?type=Robot')).body, [])
  assert.equal((await asked('PATCH', `/entities/${id}/attrs/position`, { type: 'Property', value: [7, 8] })).status, 404)
  assert.equal(commands.length, 2)
})

function asked(method: string, route: string, body?: unknown): Promise<Answer> {
  return broker.ask(method, route, body, { 'NGSILD-Tenant': service })
}

async function measure(attributes: readonly Attribute[]): Promise<void> {
  await promisify(agent.update)(id, 'Robot', apikey, attributes, await provisioned())
}

async function provisioned(): Promise<Device> {
  const device = await promisify(agent.getDevice)('r1', apikey, service, path)
  assert.ok(device !== undefined)
  return device
}

/** The provisioning interface of the agent itself. */
function provision(method: string, route: string, body?: object, query = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'fiware-service': service, 'fiware-servicepath': path }
  return fetch(`${agentUrl}${route}${query}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
}
