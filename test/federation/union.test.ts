import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { lamp, openBroker, openSource, property } from './brokers.ts'
import type { Broker, Source } from './brokers.ts'
import { connect, isHeldElsewhere, lamps, lies, must, names, uri, worlds } from './worlds.ts'
import type { Fact } from './worlds.ts'

/** `FEDERATION_RUNS=1000 node --test test/federation/union.test.ts` is what was run once; the figures are in docs/conformance.md. */
const numRuns = Number(process.env['FEDERATION_RUNS'] ?? 20)

/** Five brokers, and one that has all they have. */
let five: readonly Broker[]
let whole: Broker
let badSource: Source
before(async () => {
  ;[whole, ...five] = (await Promise.all(['whole', 'b0', 'b1', 'b2', 'b3', 'b4'].map((alias) => openBroker(alias)))) as [Broker, ...Broker[]]
  badSource = await openSource((request, response) => {
    const [, kind, number] = (request.url ?? '').split('/')
    if (kind === 'slow') {
      setTimeout(() => response.end('[]'), 200).unref()
      return
    }
    const { body, status, type } = lies[Number(number) % lies.length] ?? { status: 200, type: 'text/plain', body: '' }
    response.writeHead(status, { 'content-type': type, location: 'http://127.0.0.1:1/' }).end(body)
  })
})
after(() => Promise.all([whole, ...five, badSource].map((one) => one.close())))

/** How many answers of the five were compared with those of the one, and how many of them came with warnings. */
const compared = { answers: 0, warned: 0 }
after(() => console.log(`${compared.answers} answers compared, ${compared.warned} of them with warnings`))

async function compare(asked: Broker | undefined, method: string, path: string, body?: unknown): Promise<unknown> {
  const [answer, expected] = await Promise.all([asked?.ask(method, path, body), whole.ask(method, path, body)])
  assert.equal(answer?.status, expected.status, `${path}: ${JSON.stringify(answer)}`)
  assert.deepEqual(sorted(answer?.body), sorted(expected.body), path)
  assert.equal(answer?.count, expected.count)
  compared.answers += 1
  if (answer?.warning !== null) compared.warned += 1
  return expected.body
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

function entitiesOf(facts: readonly Fact[], toAttribute = (fact: Fact): unknown => property(fact.value)): Record<string, unknown>[] {
  return [...Map.groupBy(facts, (fact) => fact.lamp)].map(([id, own]) =>
    lamp(String(id), Object.fromEntries(own.map((fact) => [fact.name, toAttribute(fact)]))),
  )
}

/** Gives each broker its own facts, and the one all of them. */
async function put(facts: readonly Fact[]): Promise<void> {
  await must(whole, 'DELETE', '/entities?local=true')
  const writes = [facts, ...five.map((_, at) => facts.filter((fact) => fact.at === at))].map(async (own, index) => {
    if (own.length > 0) await must([whole, ...five][index], 'POST', '/entityOperations/create?local=true', entitiesOf(own))
  })
  await Promise.all(writes)
}

const condition = fc.tuple(fc.constantFrom(...names), fc.constantFrom('==', '!=', '>', '<='), fc.nat({ max: 3 })).map((parts) => parts.join(''))
const filter = fc.option(
  fc.oneof(
    condition,
    fc.constantFrom(...names),
    fc.tuple(condition, fc.constantFrom(';', '|'), condition).map((parts) => parts.join('')),
  ),
)
const ids = lamps.map(uri).join(',')

test('4.3.6.7 4.3.6.1 five brokers in a ring or a tree, in mixed modes, answer queries as one broker with the union of the data; a bad source adds warnings alone', async () => {
  const asked = fc.record({
    q: filter,
    projection: fc.option(fc.tuple(fc.constantFrom('attrs', 'pick', 'omit'), fc.constantFrom(...names))),
    form: fc.constantFrom('keyValues', 'concise', 'normalized'),
    limit: fc.integer({ min: 1, max: 5 }),
    offset: fc.nat({ max: 4 }),
    isPosted: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      worlds(['inclusive', 'auxiliary', 'redirect', 'exclusive']),
      fc.array(asked, { minLength: 3, maxLength: 3 }),
      async ({ asked: at, bad, edges, facts, isDivided }, queries) => {
        await connect(five, edges, bad, badSource.url)
        await put(facts)
        for (const { form, isPosted, limit, offset, projection, q } of queries) {
          const search = new URLSearchParams({ options: form, count: 'true', limit: String(limit), offset: String(offset) })
          const members = { ...(q === null ? {} : { q }), ...(projection === null ? {} : { [projection[0]]: projection[1] }) }
          if (isPosted) {
            const listed = projection === null ? {} : { [projection[0]]: [projection[1]] }
            const entities = lamps.map((one) => ({ type: 'Lamp', id: uri(one) }))
            const body = { type: 'Query', entities, ...(q === null ? {} : { q }), ...listed, ...(isDivided ? { splitEntities: true } : {}) }
            await compare(five[at], 'POST', `/entityOperations/query?${search}`, body)
            continue
          }
          for (const [name, value] of Object.entries(members)) search.set(name, value)
          if (isDivided) search.set('splitEntities', 'true')
          await compare(five[at], 'GET', `/entities?type=Lamp&id=${ids}&${search}`)
        }
        for (const one of lamps.slice(0, 2)) {
          const answer = await five[at]?.ask('GET', `/entities/${uri(one)}?options=keyValues`)
          const expected = await whole.ask('GET', `/entities/${uri(one)}?options=keyValues`)
          assert.equal(answer?.status, expected.status)
          if (expected.status === 200) assert.deepEqual(sorted(answer?.body), sorted(expected.body))
        }
      },
    ),
    { numRuns, seed: 7 },
  )
})

test('5.7.3 5.7.4 five brokers in a ring or a tree, in mixed modes, tell evolutions as one broker with the union of the data; a bad source adds warnings alone', async () => {
  /** An instance, in minutes after midnight. */
  const moments = fc.uniqueArray(fc.nat({ max: 20 }), { minLength: 1, maxLength: 4 })
  const asked = fc.record({
    q: filter,
    attrs: fc.option(fc.constantFrom(...names)),
    timerel: fc.constantFrom('after', 'before', 'between'),
    from: fc.nat({ max: 20 }),
    form: fc.constantFrom('temporalValues', 'aggregatedValues'),
    lastN: fc.option(fc.integer({ min: 1, max: 3 })),
    limit: fc.integer({ min: 1, max: 5 }),
    offset: fc.nat({ max: 3 }),
  })
  const minute = (number: number): string => `2026-03-01T00:${String(number).padStart(2, '0')}:00Z`
  await fc.assert(
    fc.asyncProperty(
      worlds(['inclusive', 'redirect', 'exclusive']),
      fc.array(moments, { minLength: 14, maxLength: 14 }),
      fc.array(asked, { minLength: 3, maxLength: 3 }),
      async ({ asked: at, bad, edges, facts }, times, queries) => {
        await connect(five, edges, bad, badSource.url)
        for (const broker of [whole, ...five])
          await Promise.all(lamps.map((one) => broker.ask('DELETE', `/temporal/entities/${uri(one)}?local=true`)))
        const timesOf = new Map(facts.map((fact, index) => [fact, times[index] ?? []]))
        const evolve = (fact: Fact): unknown => timesOf.get(fact)?.map((time) => property((fact.value + time) % 4, { observedAt: minute(time) }))
        const evolutions = [facts, ...five.map((_, of) => facts.filter((fact) => fact.at === of))]
        await Promise.all(
          evolutions.map(async (own, index) => {
            for (const one of entitiesOf(own, evolve)) await must([whole, ...five][index], 'POST', '/temporal/entities?local=true', one)
          }),
        )
        for (const { attrs, form, from, lastN, limit, offset, q, timerel } of queries) {
          const search = new URLSearchParams({
            timerel,
            timeAt: minute(from),
            options: form,
            count: 'true',
            limit: String(limit),
            offset: String(offset),
          })
          if (timerel === 'between') search.set('endTimeAt', minute(from + 7))
          if (form === 'aggregatedValues')
            for (const [name, value] of Object.entries({ aggrMethods: 'max,sum', aggrPeriodDuration: 'PT5M' })) search.set(name, value)
          if (q !== null) search.set('q', q)
          if (attrs !== null) search.set('attrs', attrs)
          if (lastN !== null && form === 'temporalValues') search.set('lastN', String(lastN))
          await compare(five[at], 'GET', `/temporal/entities?type=Lamp&id=${ids}&${search}`)
        }
      },
    ),
    { numRuns, seed: 8 },
  )
})

test('5.6.7 5.6.8 5.6.9 5.6.10 5.6.20 five brokers in a ring or a tree, in mixed modes, take batches as one broker with the union of the data would', async () => {
  const item = fc.record({
    lamp: fc.nat({ max: 6 }),
    values: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 4, max: 9 }), { minKeys: 1 }),
  })
  type Item = { readonly lamp: number; readonly values: Record<string, number> }
  const toLamp = (one: Item): unknown =>
    lamp(String(one.lamp), Object.fromEntries(Object.entries(one.values).map(([name, value]) => [name, property(value)])))
  const batch = fc.record({
    operation: fc.constantFrom('upsert?options=update', 'upsert', 'update', 'merge', 'delete', 'create'),
    items: fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: (one) => one.lamp }),
  })
  const withoutNewcomers = async (items: readonly Item[]): Promise<Item[]> => {
    const { body } = await whole.ask('GET', '/entities?type=Lamp&options=keyValues')
    const held = new Map((body as { id: string }[]).map((one) => [one.id, one as unknown as Record<string, unknown>]))
    return items.flatMap((one) => {
      const values = Object.entries(one.values).filter(
        ([name]) => !isHeldElsewhere({ lamp: one.lamp, name }) || held.get(uri(one.lamp))?.[name] !== undefined,
      )
      return values.length === 0 ? [] : [{ ...one, values: Object.fromEntries(values) }]
    })
  }
  await fc.assert(
    fc.asyncProperty(
      worlds(['inclusive', 'redirect', 'exclusive']),
      fc.array(batch, { minLength: 1, maxLength: 3 }),
      async ({ asked: at, bad, edges, facts }, batches) => {
        await connect(five, edges, bad, badSource.url)
        await put(facts)
        const isProxied = edges.some(({ mode }) => mode !== 'inclusive')
        for (const { items, operation } of batches) {
          // A whole entity that goes to one source under two registrations would be written there twice, each time without the other part.
          if (isProxied && (operation === 'upsert' || operation === 'create')) continue
          // Who has no such entity creates one (5.6.7), whoever else has it: only those that nobody has are the same for all.
          const possible = operation === 'create' ? items.filter((one) => one.lamp > 4) : items
          // An attribute that is held elsewhere can only be written where the entity is there.
          const own = isProxied ? await withoutNewcomers(possible) : possible
          const body = operation === 'delete' ? own.map((one) => uri(one.lamp)) : own.map(toLamp)
          if (body.length === 0) continue
          const [answer, expected] = await Promise.all(
            [five[at], whole].map(async (broker) => broker?.ask('POST', `/entityOperations/${operation}`, body)),
          )
          assert.ok([200, 201, 204, 207].includes(answer?.status ?? 0), JSON.stringify(answer))
          const [done, wanted] = [answer, expected].map(
            (one) => (one?.status === 207 ? one.body.success : own.map(({ lamp: id }) => uri(id))) as string[],
          )
          assert.deepEqual(done?.toSorted(), wanted?.toSorted(), `${operation}: ${JSON.stringify([answer, expected])}`)
          await compare(
            five[at],
            'GET',
            `/entities?type=Lamp&id=${[...lamps, 5, 6].map(uri).join(',')}&options=keyValues&count=true&splitEntities=true`,
          )
        }
      },
    ),
    { numRuns, seed: 9 },
  )
})
