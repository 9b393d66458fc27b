import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatInstant, instantOf } from '@cityloop/ngsi-ld'
import type { Entity, Instant, TemporalEntity } from '@cityloop/ngsi-ld'
import type { ImportTarget } from '../import-target.ts'
import { replay } from './replay.ts'
import type { ReplayClock, ReplayOptions } from './replay.ts'
import type { ReplaySource } from './replay-source.ts'

function at(text: string): Instant {
  return Number(instantOf(text))
}

const level = 'urn:t:level'
const noticed = 'urn:t:noticed'
const name = 'urn:t:name'

/** A level every minute of an hour, which says its own time too. */
const history: TemporalEntity = {
  id: 'urn:x:1',
  types: ['urn:t:Thing'],
  attributes: {
    [level]: minutes().map((observedAt, index) => ({
      kind: 'Property',
      value: index,
      observedAt,
      instanceId: `urn:i:${index}`,
      createdAt: 1,
      modifiedAt: 2,
    })),
    [noticed]: minutes().map((observedAt) => ({ kind: 'Property', value: formatInstant(observedAt), observedAt })),
  },
}

function minutes(): readonly Instant[] {
  return Array.from({ length: 60 }, (_, index) => at('2024-01-01T10:00:00Z') + index * 60_000_000)
}

const source: ReplaySource = {
  evolutions: async function* (_tenant, types) {
    if (types.length === 0 || types.includes('urn:t:Thing')) yield await Promise.resolve(history)
  },
  entity: () =>
    Promise.resolve({
      ...history,
      attributes: { [name]: [{ kind: 'Property', value: 'One', createdAt: 1 }], [level]: history.attributes[level] ?? [] },
    }),
}

/** A clock that passes only by sleeping, and a target that notes what it is sent and when. */
function stage(refuse = false): { clock: ReplayClock; target: ImportTarget; sent: { tenant: string; entity: Entity; now: Instant }[] } {
  const sent: { tenant: string; entity: Entity; now: Instant }[] = []
  let now = at('2026-06-01T00:00:00Z')
  return {
    sent,
    clock: {
      now: () => now,
      sleep: (durationUs) => {
        now += durationUs
        return Promise.resolve()
      },
    },
    target: {
      observe: (tenant, entities) => {
        for (const entity of entities) sent.push({ tenant, entity, now })
        return Promise.resolve(entities.map(() => (refuse ? { kind: 'refused', type: 'BadRequestData', detail: 'no' } : { kind: 'changed' })))
      },
      progress: { get: () => Promise.resolve(undefined), put: () => Promise.resolve(), delete: () => Promise.resolve() },
    },
  }
}

const options: ReplayOptions = {
  from: at('2024-01-01T10:10:00Z'),
  until: at('2024-01-01T10:40:00Z'),
  speed: 60,
  tenant: '',
  target: 'play',
  types: [],
}

void test('what was observed in the span is observed again, as much later as the speed says', async () => {
  const { clock, target, sent } = stage()
  const report = await replay(source, target, clock, options)
  assert.deepEqual(report, { observations: 30, entities: 1, refused: 0 })
  const start = at('2026-06-01T00:00:00Z')
  assert.deepEqual(
    sent.map(({ entity }) => [entity.attributes[level]?.[0]?.value, entity.attributes[level]?.[0]?.observedAt]),
    Array.from({ length: 30 }, (_, index) => [index + 10, start + index * 1_000_000]),
  )
  for (const { entity, now, tenant } of sent) {
    assert.equal(tenant, 'play')
    assert.ok(now >= Number(entity.attributes[level]?.[0]?.observedAt), 'nothing comes before its time')
    assert.equal(entity.attributes[noticed]?.[0]?.value, formatInstant(Number(entity.attributes[noticed]?.[0]?.observedAt)))
    assert.equal(entity.attributes[level]?.[0]?.instanceId, undefined)
  }
})

void test('what an entity is as such goes along with its first observation', async () => {
  const { clock, target, sent } = stage()
  await replay(source, target, clock, options)
  assert.deepEqual(sent[0]?.entity.attributes[name], [{ kind: 'Property', value: 'One' }])
  assert.equal(sent[1]?.entity.attributes[name], undefined)
})

void test('types narrow a replay, refusals are counted, and it goes into another tenant only', async () => {
  const none = stage()
  assert.equal((await replay(source, none.target, none.clock, { ...options, types: ['urn:t:Other'] })).observations, 0)
  const refusing = stage(true)
  assert.deepEqual(await replay(source, refusing.target, refusing.clock, options), {
    observations: 0,
    entities: 1,
    refused: 30,
    lastRefusal: 'BadRequestData: no',
  })
  await assert.rejects(replay(source, none.target, none.clock, { ...options, target: '' }), /another tenant/)
  await assert.rejects(replay(source, none.target, none.clock, { ...options, speed: 0 }), /The speed must be above 0, not 0/)
  await assert.rejects(replay(source, none.target, none.clock, { ...options, until: options.from }), /must end after it begins/)
})

void test('a replay that is stopped ends', async () => {
  const { clock, target, sent } = stage()
  const stop = new AbortController()
  const stopping: ReplayClock = {
    now: () => clock.now(),
    sleep: (durationUs, signal) => {
      if (sent.length === 5) stop.abort(new Error('stopped'))
      return clock.sleep(durationUs, signal)
    },
  }
  await assert.rejects(replay(source, target, stopping, { ...options, signal: stop.signal }), /stopped/)
  assert.equal(sent.length, 6)
})
