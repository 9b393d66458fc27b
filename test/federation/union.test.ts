import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { allOperations, lamp, openBroker, property, registration } from './brokers.ts'
import type { Broker } from './brokers.ts'

/** A tree: the root knows two brokers, of which one knows a third; and one broker that has everything. */
let tree: readonly Broker[]
let whole: Broker
before(async () => {
  ;[whole, ...tree] = (await Promise.all(['whole', 't0', 't1', 't2', 't3'].map((alias) => openBroker(alias)))) as [Broker, ...Broker[]]
  const [root, left, right, leaf] = tree
  const members = (alias: string): Record<string, unknown> => ({ operations: allOperations, contextSourceAlias: alias })
  await root?.ask('POST', '/csourceRegistrations', registration('left', left?.url ?? '', members('t1')))
  await root?.ask('POST', '/csourceRegistrations', registration('right', right?.url ?? '', members('t2')))
  await right?.ask('POST', '/csourceRegistrations', registration('leaf', leaf?.url ?? '', members('t3')))
  await leaf?.ask('POST', '/csourceRegistrations', registration('up', root?.url ?? '', members('t0')))
})
after(() => Promise.all([whole, ...tree].map((broker) => broker.close())))

const names = ['power', 'colour', 'height'] as const
/** An attribute of a lamp, and at which broker it is. */
const fact = fc.record({
  lamp: fc.integer({ min: 0, max: 4 }),
  name: fc.constantFrom(...names),
  value: fc.integer({ min: 0, max: 3 }),
  at: fc.integer({ min: 0, max: 3 }),
})
const condition = fc.tuple(fc.constantFrom(...names), fc.constantFrom('==', '>', '<='), fc.integer({ min: 0, max: 3 })).map((parts) => parts.join(''))
const asked = fc.record({
  q: fc.option(
    fc.oneof(
      condition,
      fc.tuple(condition, condition).map((both) => both.join(';')),
      fc.tuple(condition, condition).map((both) => both.join('|')),
    ),
  ),
  attrs: fc.option(fc.constantFrom(...names)),
  limit: fc.integer({ min: 1, max: 5 }),
  offset: fc.integer({ min: 0, max: 4 }),
})

test('4.3.6.7 brokers in a tree that leads back to its root answer queries of divided entities as one broker with the union of the data', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fact, { maxLength: 12, selector: ({ lamp: of, name }) => `${of} ${name}` }),
      fc.array(asked, { minLength: 3, maxLength: 3 }),
      async (facts, queries) => {
        await Promise.all([...tree, whole].map((broker) => broker.ask('DELETE', '/entities?local=true')))
        const put = (broker: Broker | undefined, own: typeof facts): Promise<unknown> | undefined => {
          const lamps = Map.groupBy(own, (one) => one.lamp)
          const batch = [...lamps].map(([id, parts]) => lamp(String(id), Object.fromEntries(parts.map(({ name, value }) => [name, property(value)]))))
          return batch.length === 0 ? undefined : broker?.ask('POST', '/entityOperations/create?local=true', batch)
        }
        await Promise.all([
          put(whole, facts),
          ...tree.map((broker, index) =>
            put(
              broker,
              facts.filter(({ at }) => at === index),
            ),
          ),
        ])
        for (const { attrs, limit, offset, q } of queries) {
          const search = new URLSearchParams({
            type: 'Lamp',
            id: [0, 1, 2, 3, 4].map((id) => `urn:ngsi-ld:Lamp:${id}`).join(','),
            splitEntities: 'true',
            options: 'keyValues',
            count: 'true',
          })
          if (q !== null) search.set('q', q)
          if (attrs !== null) search.set('attrs', attrs)
          const all = async (broker: Broker | undefined): Promise<unknown> => {
            const answer = await broker?.ask('GET', `/entities?${search}&limit=100`)
            const found = ((answer?.body ?? []) as { id: string }[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))
            return { count: answer?.count, found: found.map((one) => Object.fromEntries(Object.entries(one).toSorted())) }
          }
          const expected = await all(whole)
          assert.deepEqual(await all(tree[0]), expected)
          const page = (await tree[0]?.ask('GET', `/entities?${search}&limit=${limit}&offset=${offset}`))?.body as { id: string }[]
          const ids = (expected as { found: { id: string }[] }).found.map(({ id }) => id)
          assert.deepEqual(
            page.map(({ id }) => id),
            ids.slice(Math.min(offset, Math.max(0, ids.length - 1))).slice(0, limit),
          )
        }
      },
    ),
    { numRuns: 25, seed: 7 },
  )
})
