import { NgsiLdError, isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseAnswer } from '#devices/mqtt-topics.ts'
import type { Devices } from '#devices/open-devices.ts'
import type { Protocol } from '#devices/provisioning.ts'
import { parseDevice, parseServiceGroup } from '#devices/provisioning.ts'
import type { Clock } from '#runtime/clock.ts'
import { readCount, readParameters, readTenant } from '../exchange.ts'
import { codecRoutes } from './codec-routes.ts'
import { deviceRoutes } from './device-routes.ts'

/** FIWARE IoT Agents' HTTP faces: measures at /iot/json and /iot/d, provisioning at /iot/services and /iot/devices. */
export function iotRoutes(app: FastifyInstance, deps: { readonly devices: Devices; readonly clock: Clock }): void {
  const { devices } = deps
  const { registry } = devices
  codecRoutes(app, deps)
  deviceRoutes(app, deps)

  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, ready) => ready(null, body))
    scope.post('/iot/json', { config: { isMeasure: true } }, (request, reply) => take(request, reply, 'json'))
    scope.post('/iot/d', { config: { isMeasure: true } }, (request, reply) => take(request, reply, 'ultralight'))
    scope.post('/iot/json/commands', { config: { isMeasure: true } }, (request, reply) => answer(request, reply))
    scope.post('/iot/d/commands', { config: { isMeasure: true } }, (request, reply) => answer(request, reply))
    scope.post('/iot/lorawan', { config: { isMeasure: true } }, (request, reply) => takeUplink(request, reply))
    scope.get('/iot/d', { config: { isMeasure: true } }, (request, reply) => take(request, reply, 'ultralight'))
    done()
  })

  async function take(request: FastifyRequest, reply: FastifyReply, protocol: Protocol): Promise<FastifyReply> {
    const search = new URL(request.url, 'http://localhost').searchParams
    const [apiKey, deviceId, timestamp, values] = ['k', 'i', 't', 'd'].map((name) => search.get(name) ?? undefined)
    if (apiKey === undefined || deviceId === undefined)
      throw new NgsiLdError('BadRequestData', 'The parameters k (API key) and i (device id) must be given')
    if (registry.findGroup(apiKey) === undefined) throw new NgsiLdError('Unauthorized', 'No service group has this API key')
    const payload = values === undefined ? (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)) : Buffer.from(values)
    const taken = await devices.take({
      apiKey,
      deviceId,
      protocol,
      payload,
      transport: 'HTTP',
      receivedAt: deps.clock.now(),
      ...(timestamp === undefined ? {} : { timestamp }),
    })
    if (taken.kind === 'observed') {
      const pending = search.get('getCmd') === '1' ? await devices.commands.poll(apiKey, deviceId) : []
      if (protocol === 'json') return reply.code(200).send(Object.fromEntries(pending.map(({ name, value }) => [name, value])))
      return reply
        .code(200)
        .type('text/plain')
        .send(pending.map(({ name, value }) => `${deviceId}@${name}|${typeof value === 'string' ? value : JSON.stringify(value)}`).join('#'))
    }
    return reply
      .code(400)
      .type('application/json')
      .send(JSON.stringify({ name: taken.rule.toUpperCase().replaceAll('-', '_'), message: taken.detail }))
  }

  /** The webhook of ChirpStack and The Things Stack. What is refused is in the quarantine, so the network server need not send it again. */
  async function takeUplink(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const apiKey = new URL(request.url, 'http://localhost').searchParams.get('k')
    if (apiKey === null) throw new NgsiLdError('BadRequestData', 'The parameter k (API key) must be given')
    if (registry.findGroup(apiKey) === undefined) throw new NgsiLdError('Unauthorized', 'No service group has this API key')
    const payload = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const taken = await devices.take({ apiKey, deviceId: '', protocol: 'lorawan', payload, transport: 'HTTP', receivedAt: deps.clock.now() })
    return reply.code(taken.kind === 'observed' ? 200 : 202).send(taken)
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const search = new URL(request.url, 'http://localhost').searchParams
    const [apiKey = '', deviceId = ''] = ['k', 'i'].map((name) => search.get(name) ?? undefined)
    if (registry.findGroup(apiKey) === undefined) throw new NgsiLdError('Unauthorized', 'No service group has this API key')
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    for (const [name, result] of parseAnswer(body)) await devices.commands.answer(apiKey, deviceId, name, result)
    return reply.code(200).send({})
  }

  app.post('/iot/services', async (request, reply) => {
    const groups = itemsOf(request.body, 'services').map((item) => parseServiceGroup(item, readTenant(request), pathOf(request)))
    await registry.putAll(groups, [])
    return reply.code(201).send({})
  })
  app.get('/iot/services', async (request) => {
    const services = registry.groups(readTenant(request)).map(({ document, path, tenant }) => ({ ...document, service: tenant, subservice: path }))
    return { count: services.length, services }
  })
  app.put('/iot/services', async (request, reply) => {
    const apiKey = new URL(request.url, 'http://localhost').searchParams.get('apikey') ?? ''
    const known = registry.findGroup(apiKey)
    if (known === undefined || known.tenant !== readTenant(request))
      throw new NgsiLdError('ResourceNotFound', `There is no service group with the API key ${apiKey}`)
    await registry.putGroup(parseServiceGroup({ ...known.document, ...objectOf(request.body) }, known.tenant, known.path))
    return reply.code(204).send()
  })
  app.delete('/iot/services', async (request, reply) => {
    await registry.deleteGroup(readTenant(request), new URL(request.url, 'http://localhost').searchParams.get('apikey') ?? '')
    return reply.code(204).send()
  })

  app.post('/iot/devices', async (request, reply) => {
    const made = itemsOf(request.body, 'devices').map((item) => parseDevice(item, readTenant(request), pathOf(request)))
    await registry.putAll([], made)
    return reply.code(201).send({})
  })
  app.get('/iot/devices', async (request) => {
    const parameters = readParameters(request, ['detailed', 'entity', 'limit', 'offset', 'protocol'])
    const [entity, protocol] = [parameters.get('entity'), parameters.get('protocol')]
    const found = registry
      .devices(readTenant(request))
      .filter(
        (device) => (entity === undefined || device.entityName === entity) && (protocol === undefined || device.document['protocol'] === protocol),
      )
    const offset = readCount(parameters, 'offset', { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 })
    const limit = readCount(parameters, 'limit', { least: 1, most: Number.MAX_SAFE_INTEGER, otherwise: Math.max(1, found.length) })
    return { count: found.length, devices: found.slice(offset, offset + limit).map(shown) }
  })
  app.get<{ Params: { id: string } }>('/iot/devices/:id', async (request) => shown(find(request)))
  app.put<{ Params: { id: string } }>('/iot/devices/:id', async (request, reply) => {
    const device = find(request)
    await registry.putDevice(parseDevice({ ...device.document, ...objectOf(request.body) }, device.tenant, device.path))
    return reply.code(204).send()
  })
  app.delete<{ Params: { id: string } }>('/iot/devices/:id', async (request, reply) => {
    await registry.deleteDevice(readTenant(request), request.params.id)
    return reply.code(204).send()
  })

  function find(request: FastifyRequest<{ Params: { id: string } }>): ReturnType<typeof registry.devices>[number] {
    const device = registry.devices(readTenant(request)).find(({ deviceId }) => deviceId === request.params.id)
    if (device === undefined) throw new NgsiLdError('ResourceNotFound', `Device ${request.params.id} does not exist`)
    return device
  }
}

/** What could not be taken: to read, to try again, to throw away. */
export function quarantineRoutes(app: FastifyInstance, { devices }: { readonly devices: Devices }): void {
  const { quarantine } = devices

  app.get('/api/quarantine', async (request) => {
    const parameters = readParameters(request, ['after', 'device', 'limit'])
    const limit = readCount(parameters, 'limit', { least: 1, most: 1000, otherwise: 100 })
    const deviceId = parameters.get('device')
    const of = deviceId === undefined ? {} : { deviceId }
    return { messages: await quarantine.list(readTenant(request), { after: parameters.get('after') ?? '', limit, ...of }) }
  })
  app.post('/api/quarantine/replay', async (request) => devices.replay(readTenant(request), keysOf(request.body)))
  app.post('/api/quarantine/discard', async (request, reply) => {
    const keys = keysOf(request.body)
    if (keys === 'all') throw new NgsiLdError('BadRequestData', 'keys must name the messages to throw away')
    await quarantine.discard(readTenant(request), keys)
    return reply.code(204).send()
  })
}

function keysOf(body: unknown): readonly string[] | 'all' {
  const keys = isJsonObject(body) ? body['keys'] : undefined
  if (keys === 'all') return 'all'
  if (!Array.isArray(keys) || !(keys as readonly Json[]).every((key) => typeof key === 'string'))
    throw new NgsiLdError('BadRequestData', 'keys must be a list of keys, or "all"')
  return keys as readonly string[]
}

function itemsOf(body: unknown, name: 'services' | 'devices'): readonly Json[] {
  const items = isJsonObject(body) ? body[name] : undefined
  if (!Array.isArray(items) || items.length === 0) throw new NgsiLdError('BadRequestData', `The body must have ${name}, a list of at least one`)
  return items as readonly Json[]
}

function objectOf(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw new NgsiLdError('BadRequestData', 'The body must be an object')
  return body
}

function shown({ document, entityName, path, tenant }: ReturnType<Devices['registry']['devices']>[number]): object {
  return { ...document, service: tenant, service_path: path, entity_name: entityName }
}

function pathOf(request: FastifyRequest): string {
  const header = request.headers['fiware-servicepath']
  return typeof header === 'string' && header.startsWith('/') ? header : '/'
}
