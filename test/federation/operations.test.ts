import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { allOperations, lamp, openHub, openSource, property, registration } from './brokers.ts'
import type { Broker, Hub, Source } from './brokers.ts'

let hub: Broker
let north: Broker
let south: Broker
let opened: Hub
const register: Hub['register'] = (...given) => opened.register(...given)
before(async () => {
  opened = await openHub('north', 'south')
  ;[hub, north, south] = [opened.hub, ...opened.others] as [Broker, Broker, Broker]
})
after(() => opened.close())
beforeEach(() => opened.clear())

const a = 'urn:ngsi-ld:Lamp:a'

test('5.7.1 4.5.5.3 an entity is put together from all that have some of it; what was observed last counts', async () => {
  await hub.ask('POST', '/entities', lamp('a', { power: property(1, { observedAt: '2026-01-01T00:00:00Z' }), here: property('hub') }))
  await north.ask('POST', '/entities', lamp('a', { power: property(2, { observedAt: '2026-01-02T00:00:00Z' }), there: property('north') }))
  await register('n', north.url)
  const { status, body } = await hub.ask('GET', `/entities/${a}?options=keyValues`)
  assert.equal(status, 200)
  assert.deepEqual(body, { id: a, type: 'Lamp', power: 2, here: 'hub', there: 'north' })
  assert.deepEqual((await hub.ask('GET', `/entities/${a}?options=keyValues&local=true`)).body, { id: a, type: 'Lamp', power: 1, here: 'hub' })
})

test('4.3.6.2 an auxiliary source fills what is missing and overrides nothing', async () => {
  await hub.ask('POST', '/entities', lamp('a', { power: property(1) }))
  await north.ask('POST', '/entities', lamp('a', { power: property(2), colour: property('red') }))
  await register('n', north.url, { mode: 'auxiliary', operations: ['retrieveOps'] })
  assert.deepEqual((await hub.ask('GET', `/entities/${a}?options=keyValues`)).body, { id: a, type: 'Lamp', power: 1, colour: 'red' })
})

test('5.7.2 a query finds, counts and pages what all sources have', async () => {
  for (const [index, broker] of [hub, north, south].entries())
    for (let item = 0; item < 4; item += 1) await broker.ask('POST', '/entities', lamp(`${item}-${index}`, { power: property(item * 10 + index) }))
  await register('n', north.url)
  await register('s', south.url, { mode: 'redirect', information: [{ entities: [{ type: 'Lamp', idPattern: '-2$' }] }] })
  const whole = await hub.ask('GET', '/entities?type=Lamp&q=power>=10&count=true&options=keyValues')
  assert.equal(whole.count, '9')
  assert.deepEqual(
    whole.body.map(({ power }: { power: number }) => power),
    [10, 11, 12, 20, 21, 22, 30, 31, 32],
  )
  const pages = []
  for (let offset = 0; offset < 9; offset += 2)
    pages.push(...(await hub.ask('GET', `/entities?type=Lamp&q=power>=10&limit=2&offset=${offset}&options=keyValues`)).body)
  assert.deepEqual(pages, whole.body)
  assert.equal((await hub.ask('GET', '/entities?type=Lamp&orderBy=power')).status, 400, '5.7.2.4: no order among sources')
})

test('4.3.6.7 filters hold for the whole of a divided entity', async () => {
  await hub.ask('POST', '/entities', lamp('a', { power: property(5) }))
  await north.ask('POST', '/entities', lamp('a', { colour: property('red') }))
  await register('n', north.url)
  const q = encodeURIComponent('power==5;colour=="red"')
  assert.equal((await hub.ask('GET', `/entities?type=Lamp&splitEntities=true&q=${q}`)).body.length, 1)
  assert.equal((await hub.ask('GET', `/entities?type=Lamp&splitEntities=false&q=${q}`)).body.length, 0)
})

test('5.6.1 a creation goes to whom the attributes belong', async () => {
  const information = [{ entities: [{ type: 'Lamp', id: a }], propertyNames: ['power'] }]
  await register('x', north.url, { mode: 'exclusive', information })
  await register('i', south.url)
  assert.equal((await hub.ask('POST', '/entities', lamp('a', { power: property(1), colour: property('red') }))).status, 201)
  const keys = async (broker: Broker): Promise<string[]> => Object.keys((await broker.ask('GET', `/entities/${a}?local=true&options=keyValues`)).body)
  assert.deepEqual(await keys(north), ['id', 'type', 'power'])
  assert.deepEqual(await keys(south), ['id', 'type', 'colour'])
  assert.deepEqual(await keys(hub), ['id', 'type', 'colour'])
})

test('5.6.2 5.6.4 5.6.5 5.6.17 5.6.19 attributes are changed where they are', async () => {
  await register('r', north.url, { mode: 'redirect' })
  assert.equal((await hub.ask('POST', '/entities', lamp('a', { power: property(1) }))).status, 201)
  assert.equal((await hub.ask('GET', `/entities/${a}?local=true`)).status, 404)
  assert.equal((await hub.ask('PATCH', `/entities/${a}/attrs`, { power: property(2) })).status, 204)
  assert.equal((await hub.ask('PATCH', `/entities/${a}/attrs/power`, { value: 3 })).status, 204)
  assert.equal((await hub.ask('PATCH', `/entities/${a}`, { colour: property('red') })).status, 204)
  assert.equal((await hub.ask('PUT', `/entities/${a}/attrs/colour`, property('blue'))).status, 204)
  assert.deepEqual((await north.ask('GET', `/entities/${a}?options=keyValues`)).body, { id: a, type: 'Lamp', power: 3, colour: 'blue' })
  assert.equal((await hub.ask('DELETE', `/entities/${a}/attrs/colour`)).status, 204)
  assert.equal((await hub.ask('DELETE', `/entities/${a}`)).status, 204)
  assert.equal((await north.ask('GET', `/entities/${a}`)).status, 404)
})

test('6.3.17 of a write that succeeded in part each failure is told; one that could not succeed fails as 502, 504, 404 or 508', async () => {
  await hub.ask('POST', '/entities', lamp('a', { power: property(1) }))
  await register('i', north.url)
  const partly = await hub.ask('DELETE', `/entities/${a}`)
  assert.equal(partly.status, 207)
  assert.deepEqual(
    partly.body.errors.map((item: any) => [item.registrationId, item.error.status]),
    [['urn:ngsi-ld:ContextSourceRegistration:i', 404]],
  )
  await hub.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:i')
  await register('r', north.url, { mode: 'redirect' })
  assert.equal((await hub.ask('PATCH', `/entities/${a}`, { power: property(2) })).status, 404)
  assert.equal((await hub.ask('DELETE', `/entities/${a}`, undefined, { via: '1.1 hub' })).status, 508)
  await hub.ask('PATCH', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:r', { endpoint: 'http://127.0.0.1:9' })
  assert.equal((await hub.ask('DELETE', `/entities/${a}`)).status, 504)
  await hub.ask('PATCH', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:r', { operations: ['retrieveOps'] })
  assert.equal((await hub.ask('DELETE', `/entities/${a}`)).status, 409)
})

test('5.6.7 5.6.8 5.6.10 a batch is divided among sources, and each entity succeeds or fails for itself', async () => {
  await register('r', north.url, { mode: 'redirect', information: [{ entities: [{ type: 'Lamp', idPattern: 'Lamp:n' }] }] })
  const batch = [lamp('n1', { power: property(1) }), lamp('h1', { power: property(2) })]
  const created = await hub.ask('POST', '/entityOperations/create', batch)
  assert.equal(created.status, 201)
  assert.equal((await north.ask('GET', '/entities?type=Lamp')).body.length, 1)
  assert.equal((await hub.ask('GET', '/entities?type=Lamp&local=true')).body.length, 1)
  const again = await hub.ask('POST', '/entityOperations/create', [...batch, lamp('n2', { power: property(3) })])
  assert.equal(again.status, 207)
  assert.deepEqual(again.body.success, ['urn:ngsi-ld:Lamp:n2'])
  assert.deepEqual(
    again.body.errors.map((item: any) => item.error.status),
    [409, 409],
  )
  assert.equal((await hub.ask('POST', '/entityOperations/upsert', batch)).status, 204)
  assert.equal(
    (
      await hub.ask(
        'POST',
        '/entityOperations/delete',
        ['n1', 'n2', 'h1'].map((id) => `urn:ngsi-ld:Lamp:${id}`),
      )
    ).status,
    204,
  )
  assert.equal((await north.ask('GET', '/entities?type=Lamp')).body.length, 0)
})

test('5.6.21 a purge reaches the sources', async () => {
  await north.ask('POST', '/entities', lamp('n', { power: property(1) }))
  await hub.ask('POST', '/entities', lamp('h', { power: property(1) }))
  await register('i', north.url)
  assert.equal((await hub.ask('DELETE', '/entities?type=Lamp')).status, 204)
  assert.equal((await north.ask('GET', '/entities?type=Lamp')).body.length, 0)
})

test('5.7.4 an evolution is told by all that have a part of it', async () => {
  const at = (hour: number): string => `2026-01-01T0${hour}:00:00Z`
  await hub.ask('POST', '/temporal/entities', lamp('t', { power: [property(1, { observedAt: at(1) })] }))
  await north.ask('POST', '/temporal/entities', lamp('t', { power: [property(2, { observedAt: at(2) }), property(3, { observedAt: at(3) })] }))
  await register('n', north.url)
  const query = `/temporal/entities?type=Lamp&id=urn:ngsi-ld:Lamp:t&timerel=after&timeAt=2025-01-01T00:00:00Z&options=temporalValues`
  assert.deepEqual((await hub.ask('GET', query)).body[0].power.values.map(([value]: [number]) => value).toSorted(), [1, 2, 3])
  assert.deepEqual(
    (await hub.ask('GET', `${query}&lastN=1`)).body[0].power.values.map(([value]: [number]) => value),
    [3],
  )
  await hub.ask('DELETE', `/temporal/entities/urn:ngsi-ld:Lamp:t?local=true`)
  await north.ask('DELETE', `/temporal/entities/urn:ngsi-ld:Lamp:t`)
})

test('5.7.5 5.7.7 5.7.11 types and attributes are those of all sources, told once and counted together', async () => {
  await north.ask('POST', '/entities', { id: 'urn:x:b', type: 'Bin', level: property(1) })
  await north.ask('POST', '/entities', lamp('n', { colour: property('red') }))
  await hub.ask('POST', '/entities', lamp('a', { power: property(1) }))
  await register('n', north.url)
  assert.deepEqual((await hub.ask('GET', '/types')).body.typeList, ['Bin', 'Lamp'])
  assert.deepEqual((await hub.ask('GET', '/types?local=true')).body.typeList, ['Lamp'])
  const [bin, lamps] = (await hub.ask('GET', '/types?details=true')).body
  assert.deepEqual([bin.attributeNames, lamps.attributeNames.toSorted()], [['level'], ['colour', 'power']])
  assert.equal((await hub.ask('GET', '/types/Lamp')).body.entityCount, 2)
  assert.deepEqual((await hub.ask('GET', '/attributes')).body.attributeList.toSorted(), ['colour', 'level', 'power'])
  assert.equal((await hub.ask('GET', '/attributes/level')).body.attributeCount, 1)
  assert.equal((await hub.ask('GET', '/attributes/level?local=true')).status, 404)
})

test('4.5.5.2 4.5.5.3 an expiry that one version of an entity lacks goes to the attributes of the others; one that all have ends last', async () => {
  const [soon, late] = ['2126-01-01T00:00:00Z', '2127-01-01T00:00:00Z']
  await register('n', north.url)
  await hub.ask('POST', '/entities?local=true', { ...lamp('a', { power: property(1), here: property(2, { expiresAt: late }) }), expiresAt: soon })
  await north.ask('POST', '/entities', lamp('a', { colour: property('red') }))
  const mixed = (await hub.ask('GET', `/entities/${a}?options=sysAttrs`)).body
  assert.deepEqual([mixed.expiresAt, mixed.power.expiresAt, mixed.here.expiresAt, mixed.colour.expiresAt], [undefined, soon, soon, undefined])
  await north.ask('DELETE', `/entities/${a}`)
  await north.ask('POST', '/entities', { ...lamp('a', { colour: property('red') }), expiresAt: late })
  const both = (await hub.ask('GET', `/entities/${a}?options=sysAttrs`)).body
  assert.deepEqual([both.expiresAt, both.power.expiresAt, both.colour.expiresAt], [late, soon, late])
})

test('4.3.6.4 in a ring every broker is asked once, and all answer with everything', async () => {
  const ring = [hub, north, south]
  const names = ['hub', 'north', 'south']
  for (const [index, broker] of ring.entries()) {
    const next = (index + 1) % 3
    await broker.ask('POST', '/entities', lamp(`r${index}`, { power: property(index) }))
    await broker.ask('POST', '/csourceRegistrations', registration(`ring`, ring[next]?.url ?? '', { contextSourceAlias: names[next] }))
  }
  for (const broker of ring) {
    const { body, status } = await broker.ask('GET', '/entities?type=Lamp')
    assert.equal(status, 200)
    assert.deepEqual(
      body.map(({ id }: { id: string }) => id),
      ['r0', 'r1', 'r2'].map((id) => `urn:ngsi-ld:Lamp:${id}`),
    )
  }
  for (const broker of ring) await broker.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:ring')
})

test('6.3.17 a dead, refusing or lying source changes nothing but warnings', async () => {
  await hub.ask('POST', '/entities', lamp('a', { power: property(1) }))
  const expected = (await hub.ask('GET', '/entities?type=Lamp')).body
  const lies: [string, number, string][] = [
    ['299', 403, ''],
    ['111', 200, 'no JSON'],
    ['111', 200, '[{"id": 5}]'],
    ['111', 200, '17'],
  ]
  for (const [code, status, text] of lies) {
    const source = await openSource((_request, response) => {
      response.statusCode = status
      response.end(text)
    })
    await register('liar', source.url)
    const { body, warning, status: own } = await hub.ask('GET', '/entities?type=Lamp')
    assert.equal(own, 200)
    assert.deepEqual(body, expected)
    assert.match(warning ?? '', new RegExp(`^${code} `))
    await hub.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:liar')
    await source.close()
  }
  await register('dead', 'http://127.0.0.1:9')
  const { body, warning } = await hub.ask('GET', '/entities?type=Lamp')
  assert.deepEqual(body, expected)
  assert.match(warning ?? '', /^199 /)
})

test('5.5.13 a request or a registration may keep to what is local, and a subscription to what is here', async () => {
  await hub.ask('POST', '/entities', lamp('hub', { power: property(1) }))
  await north.ask('POST', '/entities', lamp('north', { power: property(1) }))
  await south.ask('POST', '/entities', lamp('south', { power: property(1) }))
  const behind = registration('south', south.url, { operations: allOperations })
  assert.equal((await north.ask('POST', '/csourceRegistrations', behind)).status, 201)
  const seen = async (search = ''): Promise<string[]> =>
    (await hub.ask('GET', `/entities?type=Lamp${search}`)).body.map(({ id }: { id: string }) => id.split(':').at(-1)).toSorted()
  await register('n', north.url)
  assert.deepEqual(await seen(), ['hub', 'north', 'south'])
  assert.deepEqual(await seen('&local=true'), ['hub'])
  await hub.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:n')
  await register('n', north.url, { management: { localOnly: true } })
  assert.deepEqual(await seen(), ['hub', 'north'])
  const subscription = { type: 'Subscription', entities: [{ type: 'Lamp' }], notification: { endpoint: { uri: 'http://127.0.0.1:1/' } } }
  await hub.ask('POST', '/subscriptions', { ...subscription, id: 'urn:ngsi-ld:Subscription:local', localOnly: true })
  await hub.ask('POST', '/subscriptions', { ...subscription, id: 'urn:ngsi-ld:Subscription:spread' })
  for (let tries = 0; tries < 200 && (await north.ask('GET', '/subscriptions')).body.length === 0; tries += 1) await pause(10)
  await pause(50)
  assert.equal((await north.ask('GET', '/subscriptions')).body.length, 1, 'only one of the two is distributed')
  for (const id of ['local', 'spread']) await hub.ask('DELETE', `/subscriptions/urn:ngsi-ld:Subscription:${id}`)
  await north.ask('DELETE', '/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:south')
})

test('6.3.18 a source that leads back here without a Via is asked a few times, and no more', async (t) => {
  const roundabout: Source = await openSource((request, response) => {
    const forward = async (): Promise<void> => {
      const reply = await fetch(`${hub.url}${request.url}`, { headers: { accept: 'application/json' } })
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text())
    }
    forward().catch(() => response.destroy())
  })
  t.after(() => roundabout.close())
  await hub.ask('POST', '/entities?local=true', lamp('a', { power: property(1) }))
  await register('round', roundabout.url, { management: { timeout: 300 } })
  const { body, status, warning } = await hub.ask('GET', '/entities?type=Lamp&options=keyValues')
  assert.equal(status, 200)
  assert.deepEqual(body, [{ id: 'urn:ngsi-ld:Lamp:a', type: 'Lamp', power: 1 }])
  assert.match(warning ?? '', /199 .* gave no answer within 300 ms/)
  await pause(600)
  const sofar = roundabout.asked.length
  await pause(600)
  assert.equal(roundabout.asked.length, sofar)
  assert.ok(sofar < 30, `asked ${sofar} times`)
})

test('5.2.34 a source without a cooldown that gave one request no answer in time is asked by the next', async (t) => {
  let isSlow = true
  const source = await openSource((_request, response) => {
    if (!isSlow) response.writeHead(204).end()
  })
  t.after(() => source.close())
  await hub.ask('POST', '/entities?local=true', lamp('a', { power: property(1) }))
  await register('once', source.url, { management: { timeout: 200 } })
  assert.match((await hub.ask('GET', `/entities/${a}`)).warning ?? '', /gave no answer within 200 ms/)
  isSlow = false
  assert.equal((await hub.ask('PATCH', `/entities/${a}/attrs`, { power: property(2) })).status, 204)
  assert.deepEqual(
    source.asked.map(({ method }) => method),
    ['GET', 'PATCH'],
  )
})

test('4.3.6.5 6.3.18 6.3.19 a source is told what it needs: tenant, Via, given headers, and no more than it registered', async () => {
  const source = await openSource((_request, response) => response.end('[]'))
  await register('told', source.url, {
    tenant: 'works',
    information: [{ entities: [{ type: 'Lamp', id: a }], propertyNames: ['power'] }],
    contextSourceInfo: [
      { key: 'Authorization', value: 'Bearer x' },
      { key: 'user', value: 'urn:ngsi-ld:request' },
      { key: 'Via', value: '1.1 evil' },
    ],
    management: { localOnly: true },
  })
  await hub.ask('GET', '/entities?type=Lamp', undefined, { user: 'ada', via: '1.1 elsewhere' })
  const [asked] = source.asked
  assert.equal(asked?.headers['ngsild-tenant'], 'works')
  assert.equal(asked?.headers['authorization'], 'Bearer x')
  assert.equal(asked?.headers['user'], 'ada')
  assert.equal(asked?.headers.via, '1.1 elsewhere, 1.1 hub')
  const parameters = new URLSearchParams(asked?.url.split('?')[1])
  assert.deepEqual([parameters.get('type'), parameters.get('id'), parameters.get('attrs'), parameters.get('local')], ['Lamp', a, 'power', 'true'])
  await source.close()
})

test('4.3.6.6 a source gets the @context, the content type and the accepted type that it registered, its names written with that @context', async (t) => {
  const source = await openSource((_request, response) => response.writeHead(201, { 'content-type': 'application/ld+json' }).end())
  t.after(() => source.close())
  const hosted = await hub.ask('POST', '/jsonldContexts', { '@context': { watts: 'https://uri.etsi.org/ngsi-ld/default-context/power' } })
  assert.equal(hosted.status, 201)
  const [{ body: contexts }] = [await hub.ask('GET', '/jsonldContexts?kind=Hosted')]
  const jsonldContext = (contexts as string[]).at(-1) ?? ''
  await register('ld', source.url, {
    contextSourceInfo: [
      { key: 'jsonldContext', value: jsonldContext },
      { key: 'contentType', value: 'application/ld+json' },
      { key: 'accept', value: 'application/ld+json' },
    ],
  })
  assert.equal((await hub.ask('POST', '/entities', lamp('c', { power: property(4) }))).status, 201)
  const [sent] = source.asked
  assert.deepEqual(
    [sent?.headers['content-type'], sent?.headers.accept, sent?.headers.link],
    ['application/ld+json', 'application/ld+json', undefined],
  )
  const { '@context': told, ...entity } = JSON.parse(sent?.body ?? '{}')
  assert.deepEqual([told, entity.watts, entity.power], [jsonldContext, { type: 'Property', value: 4 }, undefined])
  await hub.ask('GET', '/entities?type=Lamp&attrs=power')
  const asked = source.asked.at(-1)
  assert.match(asked?.url ?? '', /attrs=watts/)
  assert.ok(asked?.headers.link?.includes(jsonldContext))
})
