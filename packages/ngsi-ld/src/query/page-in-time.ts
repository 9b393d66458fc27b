import type { Attribute, TemporalEntity } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { scopeName } from '../representation/attribute-kinds.ts'
import { newestOf } from './select-evolution.ts'
import { type TemporalQuery, timeOf } from './temporal-query.ts'

/** A part of evolutions in time (CIM 009, 6.3.10); `range` is there where it is not the whole, for `Content-Range: DateTime start-end/size`. */
export type TimePage = {
  readonly evolutions: readonly TemporalEntity[]
  readonly range?: { readonly start: Instant; readonly end: Instant; readonly size: number | '*' }
}

/**
 * Cuts evolutions, all at one time, so that no attribute of an entity has more than `limit` instances; those of one instant stay together. With `lastN` each attribute
 * is reduced to so many first, and the newest part is kept, otherwise the oldest. The next page starts after, or ends before, `range.end`.
 */
export function pageInTime(temporal: TemporalQuery, evolutions: readonly TemporalEntity[], limit: number, lastN?: number): TimePage {
  const all = lastN === undefined ? evolutions : evolutions.map((evolution) => newestOf(temporal, evolution, lastN))
  const isBackwards = lastN !== undefined
  const series = all.flatMap((evolution) =>
    Object.entries(evolution.attributes).flatMap(([name, of]) => (name === scopeName ? [] : [timesOf(temporal, of)])),
  )
  const tooLong = series.filter((times) => times.length > limit)
  if (tooLong.length === 0) return { evolutions: all }
  const cuts = tooLong.map((times) => (isBackwards ? times.at(-limit) : times[limit - 1]) ?? 0)
  const cut = isBackwards ? cuts.reduce((a, b) => Math.max(a, b)) : cuts.reduce((a, b) => Math.min(a, b))
  const keeps = (at: Instant): boolean => (isBackwards ? at >= cut : at <= cut)
  const kept = series.flat().filter(keeps)
  const [least, most] = [kept.reduce((a, b) => Math.min(a, b)), kept.reduce((a, b) => Math.max(a, b))]
  return {
    evolutions: all.map((evolution) => cutEvolution(temporal, evolution, keeps)),
    range: isBackwards ? { start: temporal.until ?? most, end: least, size: lastN } : { start: temporal.from ?? least, end: most, size: '*' },
  }
}

function timesOf(temporal: TemporalQuery, instances: readonly Attribute[]): readonly Instant[] {
  return instances.flatMap((instance) => timeOf(instance, temporal.timeproperty) ?? []).toSorted((a, b) => a - b)
}

/** Instances that do not convey the temporal property belong to every page. */
function cutEvolution(temporal: TemporalQuery, evolution: TemporalEntity, keeps: (at: Instant) => boolean): TemporalEntity {
  const attributes = Object.entries(evolution.attributes).map(([name, instances]) => {
    if (name === scopeName) return [name, instances] as const
    const kept = instances.filter((instance) => {
      const at = timeOf(instance, temporal.timeproperty)
      return at === undefined || keeps(at)
    })
    return [name, kept] as const
  })
  return { ...evolution, attributes: Object.fromEntries(attributes) }
}
