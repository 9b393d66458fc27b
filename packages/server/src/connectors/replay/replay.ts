import { instantOf, formatInstant } from '@cityloop/ngsi-ld'
import type { Attribute, Entity, Instant, TemporalEntity } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import type { ImportTarget } from '../import-target.ts'
import type { ReplaySource } from './replay-source.ts'

/** A span of one tenant's history and how to play it. `speed` is how many seconds of history pass in one. */
export type ReplayOptions = {
  readonly from: Instant
  readonly until: Instant
  readonly speed: number
  readonly tenant: string
  readonly target: string
  /** IRIs; none means every type. */
  readonly types: readonly string[]
  readonly signal?: AbortSignal
}

/** The time, and how to let it pass. */
export type ReplayClock = { now(): Instant; sleep(durationUs: number, signal: AbortSignal | undefined): Promise<void> }

export type ReplayReport = { readonly observations: number; readonly entities: number; readonly refused: number; readonly lastRefusal?: string }

/**
 * Plays history as if it were live: what was observed at a time is observed again, in the target tenant, as long after the start as the time was after `from`,
 * divided by the speed. Values that state their own time of observation state the new one. Resolves when the last observation is written.
 */
export async function replay(source: ReplaySource, target: ImportTarget, clock: ReplayClock, options: ReplayOptions): Promise<ReplayReport> {
  const { from, until, speed, signal } = options
  if (!(speed > 0) || !Number.isFinite(speed)) throw new ImportRefusal(`The speed must be above 0, not ${speed}`)
  if (until <= from) throw new ImportRefusal('The replay must end after it begins')
  if (options.tenant === options.target)
    throw new ImportRefusal(`A replay must go into another tenant than ${JSON.stringify(options.tenant)}, whose history it plays`)
  const start = clock.now()
  const seen = new Set<string>()
  const counts = { observations: 0, refused: 0, lastRefusal: undefined as string | undefined }
  const dueOf = (at: Instant): Instant => start + Math.round((at - from) / speed)
  const windowUs = Math.max(windowOfHistoryUs, Math.round(speed * windowOfReplayUs))

  for (let begin = from; begin < until; begin += windowUs) {
    signal?.throwIfAborted()
    const events = await eventsOf(source, options, begin, Math.min(until, begin + windowUs))
    for (let next = 0; next < events.length;) {
      signal?.throwIfAborted()
      const wait = dueOf(events[next]?.at ?? until) - clock.now()
      if (wait > 0) await clock.sleep(wait, signal)
      const now = clock.now()
      let end = next + 1
      while (end < events.length && end - next < batchSize && dueOf(events[end]?.at ?? until) <= now) end += 1
      await send(events.slice(next, end))
      next = end
    }
  }
  const { observations, refused, lastRefusal } = counts
  return { observations, entities: seen.size, refused, ...(lastRefusal !== undefined && { lastRefusal }) }

  async function send(events: readonly Event[]): Promise<void> {
    const entities: Entity[] = []
    for (const { entity, at } of events) {
      const isNew = !seen.has(entity.id)
      seen.add(entity.id)
      const lasting = isNew ? lastingOf(await source.entity(options.tenant, entity.id)) : {}
      entities.push({ id: entity.id, types: entity.types, attributes: { ...lasting, ...shift(entity, at, dueOf(at)) } })
    }
    for (const outcome of await target.observe(options.target, entities)) {
      if (outcome.kind !== 'refused') counts.observations += 1
      else {
        counts.refused += 1
        counts.lastRefusal = `${outcome.type}: ${outcome.detail}`
      }
    }
  }
}

/** History is read in slices of ten minutes, or of ten seconds of replay where that is more. */
const windowOfHistoryUs = 600_000_000
const windowOfReplayUs = 10_000_000
const batchSize = 500

/** What was observed of one entity at one time. */
type Event = { readonly entity: TemporalEntity; readonly at: Instant }

async function eventsOf(source: ReplaySource, options: ReplayOptions, begin: Instant, end: Instant): Promise<readonly Event[]> {
  const events: Event[] = []
  for await (const entity of source.evolutions(options.tenant, options.types, begin, end, options.signal)) {
    const byTime = new Map<Instant, Record<string, readonly Attribute[]>>()
    for (const [name, instances] of Object.entries(entity.attributes))
      for (const instance of instances) {
        const { observedAt: at } = instance
        if (at === undefined || at < begin || at >= end || instance.deletedAt !== undefined) continue
        const attributes = byTime.get(at) ?? {}
        attributes[name] = [...(attributes[name] ?? []), instance]
        byTime.set(at, attributes)
      }
    for (const [at, attributes] of byTime) events.push({ at, entity: { id: entity.id, types: entity.types, attributes } })
  }
  return events.toSorted((one, other) => one.at - other.at || (one.entity.id < other.entity.id ? -1 : 1))
}

/** The attributes that have no time: what an entity is as such. */
function lastingOf(entity: Entity | undefined): Record<string, readonly Attribute[]> {
  const lasting: Record<string, readonly Attribute[]> = {}
  for (const [name, instances] of Object.entries(entity?.attributes ?? {})) {
    const kept = instances.filter(({ observedAt }) => observedAt === undefined).map(withoutTraces)
    if (kept.length > 0) lasting[name] = kept
  }
  return lasting
}

function shift(entity: TemporalEntity, at: Instant, to: Instant): Record<string, readonly Attribute[]> {
  const shifted: Record<string, readonly Attribute[]> = {}
  for (const [name, instances] of Object.entries(entity.attributes))
    shifted[name] = instances.map((instance) => {
      const { value } = instance
      const statesTime = typeof value === 'string' && instantOf(value) === at
      return { ...withoutTraces(instance), observedAt: to, ...(statesTime && { value: formatInstant(to) }) }
    })
  return shifted
}

/** Without what belongs to the city that the instance was written in. */
function withoutTraces({ instanceId: _instanceId, createdAt: _createdAt, modifiedAt: _modifiedAt, ...rest }: Attribute): Attribute {
  return rest
}
