import { everything, matchesFor, orderEntities, parseOrdering, project } from '@cityloop/ngsi-ld'
import type { Command, Entity, EntityQuery, Scope } from '@cityloop/ngsi-ld'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { arbitraryEntity, arbitraryQuery, names } from '../../../ngsi-ld/src/query/entity.arbitrary.ts'
import { expand } from '../../../ngsi-ld/src/query/fixture.ts'
import type { Outcome, Store } from './store.ts'

const seed = 20_261_125
const common = { tenant: '', scope: everything, receivedAt: 0, cause: { caller: 'urn:test' } } as const
const everyEntity: EntityQuery = {}

/** A store for a suite: opened on nothing, with a clock the suite sets (microseconds). */
export type OpenStore = (clock: BigInt64Array) => Promise<{ readonly store: Store; close(): Promise<void> }>

/** What every store must do; run by each adapter's test. */
export function storeContract(name: string, open: OpenStore): void {
  const clock = new BigInt64Array(new SharedArrayBuffer(8))
  let opened: Awaited<ReturnType<OpenStore>>
  before(async () => {
    Atomics.store(clock, 0, 1_700_000_000_000_000n)
    opened = await open(clock)
  })
  after(() => opened.close())

  const entity = (id: string, value: number): Entity => ({ id, types: [expand('T')], attributes: { [expand('a')]: [{ kind: 'Property', value }] } })
  const read = (query: EntityQuery, scope: Scope = everything, tenant = ''): Promise<readonly Entity[]> =>
    opened.store.query({ tenant, scope, query, moment: { kind: 'now' }, offset: 0, limit: 10_000, count: true }).then(({ entities, count }) => {
      assert.equal(count, entities.length)
      return entities
    })

  test(`${name}: 5.6.1 refuses a second entity with the same id, and keeps the first`, async () => {
    const { store } = opened
    const first = await store.commit({ ...common, kind: 'createEntity', entity: entity('urn:c:1', 1) })
    assert.equal(first.kind, 'changed')
    const second = await store.commit({ ...common, kind: 'createEntity', entity: entity('urn:c:1', 2) })
    assert.deepEqual(second, { kind: 'refused', type: 'AlreadyExists', detail: 'Entity urn:c:1 already exists' })
    assert.equal((await store.retrieve('', everything, 'urn:c:1'))?.attributes[expand('a')]?.[0]?.value, 1)
  })

  test(`${name}: a refused command of a batch undoes only itself, and each tenant is by itself`, async () => {
    const { store } = opened
    const outcomes = await store.commitAll(
      ['urn:b:1', 'urn:b:1', 'urn:b:2'].map((id): Command => ({ ...common, tenant: 'east', kind: 'createEntity', entity: entity(id, 1) })),
    )
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['changed', 'refused', 'changed'],
    )
    assert.deepEqual(
      (await read(everyEntity, everything, 'east')).map(({ id }) => id),
      ['urn:b:1', 'urn:b:2'],
    )
    assert.equal(await store.retrieve('', everything, 'urn:b:1'), undefined)
    assert.ok((await store.tenants()).includes('east'))
  })

  test(`${name}: own rows join the commit of commands, all or nothing`, async () => {
    const { store } = opened
    const row = (key: string): { put: { tenant: string; area: string; kind: string; key: string; value: number; due: number } } => ({
      put: { tenant: '', area: 'test', kind: 'k', key, value: 1, due: Number(key) },
    })
    const refused = await store.commitAll([{ ...common, kind: 'deleteEntity', id: 'urn:none' }], [row('1')])
    assert.equal(refused[0]?.kind, 'refused')
    assert.equal(await store.rows.get('', 'test', 'k', '1'), undefined)
    await store.commitAll([{ ...common, kind: 'createEntity', entity: entity('urn:own:1', 1) }], [row('2'), row('3')])
    assert.deepEqual(
      (await store.rows.list('', 'test', 'k')).map(({ key }) => key),
      ['2', '3'],
    )
    assert.deepEqual(
      (await store.rows.due('test', 'k', 2, 10)).map(({ key }) => key),
      ['2'],
    )
    await store.rows.write([{ delete: { tenant: '', area: 'test', kind: 'k', key: '2' } }])
    assert.deepEqual(
      (await store.rows.list(undefined, 'test', 'k', { from: '2', to: '9' })).map(({ key }) => key),
      ['3'],
    )
  })

  test(`${name}: the outbox gives every change once, in order, with what was before and after`, async () => {
    const { store } = opened
    const start = store.state().lastSequence
    const live: number[] = []
    const end = store.onCommitted((rows) => live.push(...rows.map(({ sequence }) => sequence)))
    await store.commit({ ...common, kind: 'createEntity', entity: entity('urn:o:1', 1) })
    await store.commit({ ...common, kind: 'partialUpdateAttribute', id: 'urn:o:1', name: expand('a'), fragment: { value: 2 } })
    await store.commit({ ...common, kind: 'deleteEntity', id: 'urn:o:1' })
    end()
    const rows = await store.changesAfter(start, 100)
    assert.deepEqual(
      rows.map(({ change }) => change.kind),
      ['created', 'updated', 'deleted'],
    )
    assert.deepEqual(
      rows.map(({ sequence }) => sequence),
      live,
    )
    assert.deepEqual(
      rows[1]?.change.attributes.map(({ before: was, after: is }) => [was?.value, is?.value]),
      [[1, 2]],
    )
  })

  test(`${name}: the time of recording goes on when the clock jumps back`, async () => {
    const { store } = opened
    const now = Atomics.load(clock, 0)
    const first = await store.commit({ ...common, kind: 'createEntity', entity: entity('urn:t:1', 1) })
    Atomics.store(clock, 0, now - 3_600_000_000n)
    const second = await store.commit({ ...common, kind: 'partialUpdateAttribute', id: 'urn:t:1', name: expand('a'), fragment: { value: 2 } })
    Atomics.store(clock, 0, now)
    assert.ok(first.kind === 'changed' && second.kind === 'changed' && second.recordedAt > first.recordedAt)
  })

  test(`${name}: 5.7.5 counters of types and attributes follow what is there`, async () => {
    const { store } = opened
    const typed = (id: string, types: string[], attributes: string[]): Entity => ({
      id,
      types: types.map(expand),
      attributes: Object.fromEntries(attributes.map((one) => [expand(one), [{ kind: 'Property', value: 1 }]])),
    })
    const tenant = 'counted'
    await store.commitAll([
      { ...common, tenant, kind: 'createEntity', entity: typed('urn:1', ['A', 'B'], ['x']) },
      { ...common, tenant, kind: 'createEntity', entity: typed('urn:2', ['A'], ['x', 'y']) },
      { ...common, tenant, kind: 'deleteAttribute', id: 'urn:2', name: expand('x'), deleteAll: false },
    ])
    const counts = await store.types(tenant, everything)
    const plain = counts.map(({ type, count, attributes }) => [
      type,
      count,
      attributes.map(({ name: attribute, count: among }) => `${attribute} ${among}`).toSorted(),
    ])
    assert.deepEqual(
      new Set(plain.map((line) => JSON.stringify(line))),
      new Set([JSON.stringify([expand('A'), 2, [`${expand('x')} 1`, `${expand('y')} 1`]]), JSON.stringify([expand('B'), 1, [`${expand('x')} 1`]])]),
    )
    const narrow = await store.types(tenant, { types: [expand('B')], attributes: [] })
    assert.deepEqual(
      narrow.map(({ type, count, attributes }) => [type, count, attributes]),
      [
        [expand('A'), 1, []],
        [expand('B'), 1, []],
      ],
    )
  })

  test(`${name}: 10,000 random queries under narrow scopes give what the plain evaluator gives`, async () => {
    const { store } = opened
    const scopes = fc.record(
      {
        attributes: fc.subarray(names.map(expand)),
        types: fc.option(fc.subarray(['T', 'U', 'V'].map(expand), { minLength: 1 }), { nil: undefined }),
      },
      { noNullPrototype: true },
    )
    const anyScope: fc.Arbitrary<Scope> = fc.oneof(
      fc.constant(everything),
      scopes.map(({ attributes, types }) => ({ attributes, ...(types === undefined ? {} : { types }) })),
    )
    const orderings = [
      ...['a', 'b;desc', 'id;desc', 'type,a;asc', 'a[m],b', 'b.datasetId,id', 'createdAt;desc,a'].map((orderBy) => ({ orderBy })),
      ...['de-u-co-phonebk', 'und-u-ks-level1'].map((collation) => ({ orderBy: 'a,b;desc', collation })),
      ...['dist-asc', 'dist-desc'].map((direction) => ({ orderBy: `location;${direction}`, orderFrom: [1, 1], orderGeometry: 'Point' })),
    ]
    let compared = 0
    let found = 0
    for (let round = 0; round < 50; round += 1) {
      const tenant = `random-${round}`
      const entities = fc
        .sample(arbitraryEntity, { numRuns: 40, seed: seed + round })
        .map((one, index): Entity => ({ ...one, id: `${one.id}:${index}` }))
      await store.commitAll(entities.map((one): Command => ({ ...common, tenant, kind: 'createEntity', entity: one })))
      const kept = (await read(everyEntity, everything, tenant)).toSorted((left, right) => (left.id < right.id ? -1 : 1))
      assert.equal(kept.length, entities.length)
      const cases = fc.sample(fc.tuple(arbitraryQuery, anyScope, fc.constantFrom(undefined, ...orderings)), { numRuns: 200, seed: seed + round })
      for (const [query, scope, order] of cases) {
        const byId = new Map(kept.map((one) => [one.id, one]))
        const expected = kept.filter((one) => matchesFor(scope, query, one, (id) => byId.get(id))).map((one) => project(scope, one))
        const orderBy = order === undefined ? undefined : parseOrdering(order, expand)
        const page = await store.query({
          tenant,
          scope,
          query,
          moment: { kind: 'now' },
          offset: 0,
          limit: 10_000,
          count: true,
          ...(orderBy === undefined ? {} : { orderBy }),
        })
        assert.deepEqual(page.entities, orderBy === undefined ? expected : orderEntities(orderBy, expected), JSON.stringify({ query, scope }))
        assert.equal(page.count, expected.length)
        compared += 1
        found += expected.length
      }
    }
    assert.equal(compared, 10_000)
    assert.ok(found > 10_000, `only ${found} entities were found in all`)
  })

  test(`${name}: 4.22 as known at a time, what had expired by then is gone, and before it was there`, async () => {
    const { store } = opened
    const [tenant, from] = ['known-expiry', Number(Atomics.load(clock, 0))]
    const attributes = {
      [expand('a')]: [{ kind: 'Property' as const, value: 1, expiresAt: from + 5_000_000 }],
      [expand('b')]: [{ kind: 'Property' as const, value: 2 }],
    }
    await store.commit({ ...common, tenant, kind: 'createEntity', entity: { ...entity('urn:x:1', 1), attributes, expiresAt: from + 10_000_000 } })
    const seen: { readonly at: number; readonly live: readonly Entity[] }[] = []
    for (const at of [1, 6, 11].map((seconds) => from + seconds * 1_000_000)) {
      Atomics.store(clock, 0, BigInt(at))
      seen.push({ at, live: await read(everyEntity, everything, tenant) })
    }
    assert.deepEqual(
      seen.map(({ live }) => live.map((one) => Object.keys(one.attributes).length)),
      [[2], [1], []],
    )
    for (const { at, live } of seen) {
      const moment = { kind: 'known', at } as const
      const { entities } = await store.query({ tenant, scope: everything, query: everyEntity, moment, offset: 0, limit: 10, count: false })
      assert.deepEqual(entities.map(canonical), live.map(canonical), `as known ${(at - from) / 1e6} s after`)
    }
  })

  test(`${name}: as known at a time is what the live answer was then, under late, corrected, deleted and re-sent data`, async () => {
    const { store } = opened
    let compared = 0
    for (let round = 0; round < 250; round += 1) {
      const tenant = `known-${round}`
      const commands = fc.sample(arbitraryCommand(tenant), { numRuns: 20, seed: seed + round })
      const seen: { readonly at: number; readonly live: readonly Entity[] }[] = []
      for (const command of commands) {
        Atomics.add(clock, 0, 1_000_000n)
        const outcome: Outcome = await store.commit(command)
        if (outcome.kind === 'changed') seen.push({ at: outcome.recordedAt, live: await read(everyEntity, everything, tenant) })
      }
      for (const { at, live } of seen) {
        for (const offset of [0, 1, 400_000]) {
          const { entities } = await store.query({
            tenant,
            scope: everything,
            query: everyEntity,
            moment: { kind: 'known', at: at + offset },
            offset: 0,
            limit: 100,
            count: false,
          })
          assert.deepEqual(entities.map(canonical), live.map(canonical), `round ${round}, as known at ${at + offset}`)
          compared += 1
        }
      }
    }
    assert.ok(compared >= 10_000, `only ${compared} moments were compared`)
  })
}

/** An entity with its attributes and instances in one order, since the order says nothing. */
function canonical(entity: Entity): unknown {
  const attributes = Object.entries(entity.attributes)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, instances]) => [name, instances.toSorted((left, right) => ((left.datasetId ?? '') < (right.datasetId ?? '') ? -1 : 1))])
  return { ...entity, attributes }
}

/** Commands on two entities with few attributes, dataset ids and times, so that they meet. */
function arbitraryCommand(tenant: string): fc.Arbitrary<Command> {
  const id = fc.constantFrom('urn:k:1', 'urn:k:2')
  const name = fc.constantFrom('a', 'b').map(expand)
  const datasetId = fc.constantFrom(undefined, 'urn:d:1')
  const instance = fc
    .record({
      value: fc.integer({ min: 0, max: 3 }),
      datasetId,
      observedAt: fc.option(
        fc.integer({ min: 0, max: 6 }).map((hour) => 1_600_000_000_000_000 + hour * 3_600_000_000),
        { nil: undefined },
      ),
    })
    .map(({ value, datasetId: dataset, observedAt }) => ({
      kind: 'Property' as const,
      value,
      ...(dataset === undefined ? {} : { datasetId: dataset }),
      ...(observedAt === undefined ? {} : { observedAt }),
    }))
  const entity = fc
    .record({ id, name, instance, type: fc.constantFrom('T', 'U').map(expand), scope: fc.constantFrom(undefined, '/x') })
    .map(({ scope, ...one }): Entity => ({
      id: one.id,
      types: [one.type],
      ...(scope === undefined ? {} : { scopes: [scope] }),
      attributes: { [one.name]: [one.instance] },
    }))
  const base = { ...common, tenant }
  return fc.oneof(
    { weight: 3, arbitrary: entity.map((one): Command => ({ ...base, kind: 'createEntity', entity: one })) },
    { weight: 8, arbitrary: entity.map((one): Command => ({ ...base, kind: 'observe', entity: one })) },
    { weight: 3, arbitrary: entity.map((one): Command => ({ ...base, kind: 'appendAttributes', entity: one, overwrite: true })) },
    { weight: 2, arbitrary: entity.map((one): Command => ({ ...base, kind: 'replaceEntity', entity: one })) },
    { weight: 2, arbitrary: entity.map((one): Command => ({ ...base, kind: 'mergeEntity', entity: one })) },
    { weight: 2, arbitrary: entity.map((one): Command => ({ ...base, kind: 'appendTemporal', entity: one, create: true })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(id, name, instance)
        .map(([one, attribute, { value }]): Command => ({ ...base, kind: 'partialUpdateAttribute', id: one, name: attribute, fragment: { value } })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(id, name)
        .map(([one, attribute]): Command => ({ ...base, kind: 'deleteAttribute', id: one, name: attribute, deleteAll: true })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(id, name)
        .map(([one, attribute]): Command => ({ ...base, kind: 'deleteTemporalAttribute', id: one, name: attribute, deleteAll: true })),
    },
    { weight: 2, arbitrary: id.map((one): Command => ({ ...base, kind: 'deleteEntity', id: one })) },
  )
}
