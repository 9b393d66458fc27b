import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import NGSI from 'ngsijs'
import type { Call } from 'ngsijs'
import { openBroker } from '../federation/brokers.ts'
import type { Broker } from '../federation/brokers.ts'

let broker: Broker
let ld: Readonly<Record<string, Call>>
before(async () => {
  broker = await openBroker('ngsijs')
  ld = new NGSI.Connection(`${broker.url}/`).ld
})
after(() => broker.close())

/** Calls an operation of the client by its name. */
const call = (name: string, ...parameters: object[]): Promise<any> => {
  const operation = ld[name]
  assert.ok(operation !== undefined, `ngsijs has no operation ${name}`)
  return operation.apply(ld, parameters)
}
const id = 'urn:ngsi-ld:Vehicle:1'

test('5.6.1, 5.7.1, 5.7.2, 5.6.6 ngsijs creates, retrieves, queries and deletes entities', async () => {
  await call('createEntity', { id, type: 'Vehicle', speed: { type: 'Property', value: 40 } })
  await call('createEntity', { id: 'urn:ngsi-ld:Vehicle:2', type: 'Vehicle', speed: { type: 'Property', value: 60 } }, { tenant: '' })
  await assert.rejects(call('createEntity', { id, type: 'Vehicle' }), { name: 'AlreadyExists' })
  assert.equal((await call('getEntity', { id })).entity.speed.value, 40)
  assert.deepEqual((await call('getEntity', { id, keyValues: true })).entity, { id, type: 'Vehicle', speed: 40 })
  const found = await call('queryEntities', { type: 'Vehicle', q: 'speed>50', keyValues: true, limit: 10 })
  assert.deepEqual(
    found.results.map(({ speed }: { speed: number }) => speed),
    [60],
  )
  await call('deleteEntity', { id: 'urn:ngsi-ld:Vehicle:2' })
  await assert.rejects(call('getEntity', { id: 'urn:ngsi-ld:Vehicle:2' }), { name: 'NotFound' })
})

test('5.6.3, 5.6.2, 5.6.4, 5.6.5 ngsijs appends, updates and deletes attributes', async () => {
  const { updated } = await call('appendEntityAttributes', { colour: { type: 'Property', value: 'red' } }, { id })
  assert.deepEqual(updated, ['colour'])
  await call('updateEntityAttributes', { colour: { type: 'Property', value: 'blue' } }, { id })
  await call('updateEntityAttribute', { value: 30 }, { id, attribute: 'speed' })
  assert.deepEqual((await call('getEntity', { id, keyValues: true })).entity, { id, type: 'Vehicle', speed: 30, colour: 'blue' })
  await call('deleteEntityAttribute', { id, attribute: 'colour' })
  assert.deepEqual((await call('getEntity', { id, keyValues: true })).entity, { id, type: 'Vehicle', speed: 30 })
})

test('5.7.5, 5.7.7 ngsijs lists types and reads one', async () => {
  assert.deepEqual((await call('listTypes', {})).results.typeList, ['Vehicle'])
  const { type: info } = await call('getType', { type: 'Vehicle' })
  assert.deepEqual([info.typeName, info.entityCount], ['Vehicle', 1])
})

test('5.8.1 to 5.8.5 ngsijs creates, reads, updates, lists and deletes subscriptions', async () => {
  const entities = [{ type: 'Vehicle' }]
  const endpoint = { uri: 'http://127.0.0.1:9/', accept: 'application/json' }
  const created = await call('createSubscription', { type: 'Subscription', entities, notification: { endpoint } })
  const subscription = created.subscription.id as string
  await call('updateSubscription', { id: subscription, description: 'fast ones', q: 'speed>50' })
  assert.equal((await call('getSubscription', { id: subscription })).subscription.description, 'fast ones')
  assert.equal((await call('listSubscriptions', {})).results.length, 1)
  await call('deleteSubscription', { id: subscription })
  assert.equal((await call('listSubscriptions', {})).results.length, 0)
})

test('5.6.11 to 5.6.16, 5.7.4 ngsijs creates, queries, changes and deletes temporal evolutions', async () => {
  const of = 'urn:ngsi-ld:Vehicle:3'
  const at = (hour: number, value: number): object => ({ type: 'Property', value, observedAt: `2026-03-01T0${hour}:00:00Z` })
  await call('createTemporalEntity', { id: of, type: 'Vehicle', speed: [at(1, 10), at(2, 20)] })
  await call('addTemporalEntityAttributes', { speed: [at(3, 30)] }, { id: of })
  const evolution = async (): Promise<readonly { value: number; instanceId: string }[]> => {
    const asked = { id: of, type: 'Vehicle', timerel: 'after', timeAt: '2026-03-01T00:00:00Z', timeproperty: 'observedAt', sysAttrs: true }
    return (await call('queryTemporalEntities', asked)).results[0]?.speed ?? []
  }
  const values = async (): Promise<readonly number[]> => (await evolution()).map(({ value }) => value).toSorted()
  assert.deepEqual(await values(), [10, 20, 30])
  const [first, second] = await evolution()
  await call('updateTemporalEntityAttributeInstance', { speed: [at(4, 40)] }, { id: of, attribute: 'speed', instance: first?.instanceId ?? '' })
  await call('deleteTemporalEntityAttributeInstance', { id: of, attribute: 'speed', instance: second?.instanceId ?? '' })
  assert.equal((await values()).length, 2)
  assert.ok((await values()).includes(40))
  await call('deleteTemporalEntityAttribute', { id: of, attribute: 'speed' })
  assert.deepEqual(await values(), [])
  await call('deleteTemporalEntity', { id: of })
  await assert.rejects(call('deleteTemporalEntity', { id: of }), { name: 'NotFound' })
})
