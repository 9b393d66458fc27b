import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { lamp, openBroker, openSource, property, registration } from './brokers.ts'
import type { Source } from './brokers.ts'

async function until(source: Source, count: number): Promise<void> {
  for (let tries = 0; source.asked.length < count && tries < 1000; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('5.8.1.4 5.8.5.4 5.8.6 a source holds a reduced copy of a subscription; what it notifies reaches the subscriber, and the copy goes with the subscription', async () => {
  const hub = await openBroker('hub')
  const source = await openSource((request, response) => {
    response.statusCode = request.method === 'POST' ? 201 : 204
    response.end()
  })
  const receiver = await openSource((_request, response) => response.end())
  const id = 'urn:ngsi-ld:Subscription:s'
  try {
    await hub.ask('POST', '/csourceRegistrations', registration('r', source.url))
    await hub.ask('POST', '/entities?local=true', lamp('a', { colour: property('red') }))
    const { status } = await hub.ask('POST', '/subscriptions', {
      id,
      type: 'Subscription',
      entities: [{ type: 'Lamp' }, { type: 'Bin' }],
      q: 'power>5;colour=="red"',
      splitEntities: true,
      notification: { endpoint: { uri: `${receiver.url}/notify` }, attributes: ['power', 'colour'] },
    })
    assert.equal(status, 201)
    await until(source, 1)
    const copy = JSON.parse(source.asked[0]?.body ?? '{}')
    assert.deepEqual(copy.entities, [{ type: 'Lamp' }], 'no more than the source has registered')
    assert.equal(copy.q, undefined, 'a part of an entity cannot be filtered')
    assert.equal(copy.notification.attributes, undefined)
    assert.match(copy.notification.endpoint.uri, /remote-notify$/)
    assert.equal((await hub.ask('GET', '/csourceSubscriptions')).body.length, 1)

    const notify = (power: number, subscriptionId: string): Promise<Response> =>
      fetch(`${hub.url}/ngsi-ld/ex/remote-notify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'Notification', subscriptionId, data: [lamp('a', { power: property(power) })] }),
      })
    assert.equal((await notify(1, copy.id)).status, 200)
    assert.equal((await notify(9, copy.id)).status, 200)
    assert.equal((await notify(9, 'urn:ngsi-ld:Subscription:unknown')).status, 404)
    await until(receiver, 1)
    const [told] = receiver.asked.map(({ body }) => JSON.parse(body))
    assert.equal(told.subscriptionId, id)
    assert.deepEqual([told.data[0].power.value, told.data[0].colour.value], [9, 'red'])
    assert.equal(receiver.asked.length, 1, 'what does not match as a whole is not told')

    assert.equal((await hub.ask('DELETE', `/subscriptions/${id}`)).status, 204)
    await until(source, 2)
    assert.deepEqual([source.asked[1]?.method, source.asked[1]?.url], ['DELETE', `/ngsi-ld/v1/subscriptions/${copy.id}`])
    assert.equal((await hub.ask('GET', '/csourceSubscriptions')).body.length, 0)
  } finally {
    await Promise.all([hub.close(), source.close(), receiver.close()])
  }
})

test('5.8.6 a broker that asks for a token takes what its sources notify, and they read the @context that it names to them', async (t) => {
  const token = 'a secret of thirty-two characters.'
  const bearer = { authorization: `Bearer ${token}` }
  const hub = await openBroker('hub', { CITYLOOP_ADMIN_TOKEN: token })
  const north = await openBroker('north')
  const receiver = await openSource((_request, response) => response.end())
  t.after(() => Promise.all([hub, north, receiver].map((one) => one.close())))
  const made = await hub.ask('POST', '/csourceRegistrations', registration('n', north.url), bearer)
  assert.equal(made.status, 201)
  const subscription = {
    '@context': { power: 'https://example.org/power' },
    type: 'Subscription',
    entities: [{ type: 'Lamp' }],
    notification: { endpoint: { uri: receiver.url, accept: 'application/json' } },
  }
  const ld = { ...bearer, 'content-type': 'application/ld+json' }
  assert.equal((await hub.ask('POST', '/subscriptions', subscription, ld)).status, 201)
  for (let tries = 0; (await north.ask('GET', '/subscriptions')).body.length === 0 && tries < 200; tries += 1) await pause(10)
  await north.ask('POST', '/entities', { ...lamp('a', { power: property(1) }), '@context': subscription['@context'] }, ld)
  await until(receiver, 1)
  const { data } = JSON.parse(receiver.asked[0]?.body ?? '{}') as { data: unknown }
  assert.deepEqual(data, [{ ...lamp('a', { power: property(1) }) }])
  assert.equal((await hub.ask('GET', '/subscriptions')).status, 401)
})
