import { type Attribute, type Iri, type TemporalEntity, ngsiLdNull } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { NgsiLdError, badRequest } from '../errors.ts'
import type { Json } from '../json.ts'
import { canonicalJson } from '../representation/canonical.ts'
import type { AggregatedAttribute } from '../representation/write-evolution.ts'
import { type Duration, parseDuration, periodIndex, periodStart } from './duration.ts'
import { compareText } from './compare-value.ts'
import { type TemporalQuery, timeOf } from './temporal-query.ts'
import { dateTimeOf, formatTimeOfDay, timeOfDayUs } from './temporal-value.ts'

/** The aggregation methods of CIM 009, 4.5.19.1. */
export const aggregationMethods = ['totalCount', 'distinctCount', 'sum', 'avg', 'min', 'max', 'stddev', 'sumsq'] as const

export type AggregationMethod = (typeof aggregationMethods)[number]

/** What is aggregated, over which periods; a period of 0 is the whole range. */
export type Aggregation = { readonly methods: readonly AggregationMethod[]; readonly period: Duration }

/** Parses `aggrMethods` (a list or its text) and `aggrPeriodDuration`; throws `BadRequestData`. */
export function parseAggregation(aggrMethods: string | readonly string[], aggrPeriodDuration?: unknown): Aggregation {
  const names = (typeof aggrMethods === 'string' ? [aggrMethods] : aggrMethods).flatMap((text) => text.split(','))
  const methods = names.map((name) => {
    const method = aggregationMethods.find((known) => known === name)
    if (method === undefined) throw badRequest(`aggrMethods must be some of ${aggregationMethods.join(', ')}, not ${JSON.stringify(name)}`)
    return method
  })
  if (methods.length === 0) throw badRequest('aggrMethods must name a method')
  return { methods: [...new Set(methods)], period: parseDuration(aggrPeriodDuration ?? 'PT0S') }
}

/**
 * Aggregates an evolution that was reduced to the interval (4.5.19), each dataset id apart. Periods are counted from the start of the interval, or where it has none
 * from the first instance of all; they are not cut at its end. Periods without values are not there, as in the examples of the standard.
 * Throws `InvalidRequest` where an attribute of `requested` admits none of the methods (5.7.4.4); others of that kind are left out.
 */
export function aggregateEvolution(
  aggregation: Aggregation,
  temporal: TemporalQuery,
  evolution: TemporalEntity,
  requested: readonly Iri[] = [],
): readonly AggregatedAttribute[] {
  const range = rangeOf(temporal, Object.values(evolution.attributes).flat())
  return Object.entries(evolution.attributes).flatMap(([name, instances]) => {
    const byDataset = [...Map.groupBy(instances, ({ datasetId }) => datasetId).values()]
    const aggregated = byDataset.flatMap((group) => aggregateInstances(aggregation, temporal, name, group, range) ?? [])
    if (aggregated.length === 0 && requested.includes(name))
      throw new NgsiLdError('InvalidRequest', `Attribute ${name} admits none of ${aggregation.methods.join(', ')}`)
    return aggregated
  })
}

/** From where periods are counted, and the end of the whole range. */
export type AggregationRange = { readonly from: Instant; readonly until: Instant }

/** The range of a query, or where it is open that of the instances. */
export function rangeOf(temporal: TemporalQuery, instances: readonly Attribute[]): AggregationRange {
  let [first, last] = [Infinity, -Infinity]
  for (const instance of instances) {
    const at = timeOf(instance, temporal.timeproperty)
    if (at === undefined) continue
    first = Math.min(first, at)
    last = Math.max(last, at)
  }
  const from = temporal.from ?? (Number.isFinite(first) ? first : 0)
  return { from, until: temporal.until ?? (Number.isFinite(last) ? last : from) }
}

/** Aggregates the instances of one attribute and dataset id; `undefined` where their values admit none of the methods. */
export function aggregateInstances(
  aggregation: Aggregation,
  temporal: TemporalQuery,
  name: Iri,
  instances: readonly Attribute[],
  range: AggregationRange = rangeOf(temporal, instances),
): AggregatedAttribute | undefined {
  const [first] = instances
  if (first === undefined) return undefined
  const methods: { [method: string]: (readonly [value: Json, from: Instant, to: Instant])[] } = {}
  for (const { start, end, within } of periodsOf(aggregation.period, temporal, instances, range)) {
    for (const method of aggregation.methods) {
      const value = aggregate(method, within)
      if (value !== undefined) (methods[method] ??= []).push([value, start, end])
    }
  }
  if (Object.keys(methods).length === 0) return undefined
  return { name, kind: first.kind, ...(first.datasetId === undefined ? {} : { datasetId: first.datasetId }), methods }
}

/**
 * Applies one method to the instances of a period; `undefined` where none of their values admits it (tables 4.5.19.1-1 to -3). Standard deviation is that of the
 * population, since the values are all there are.
 */
export function aggregate(method: AggregationMethod, instances: readonly Attribute[]): Json | undefined {
  if (instances.length === 0) return undefined
  if (method === 'totalCount') return instances.length
  if (method === 'distinctCount') return new Set(instances.map((instance) => canonicalJson(instance.value))).size
  const numbers = instances.flatMap((instance) => numberOf(method, instance))
  if (numbers.length === 0) return ofTexts(method, instances)
  switch (method) {
    case 'sum':
      return sumOf(numbers)
    case 'avg':
      return sumOf(numbers) / numbers.length
    case 'min':
      return numbers.reduce((least, number) => Math.min(least, number), Infinity)
    case 'max':
      return numbers.reduce((most, number) => Math.max(most, number), -Infinity)
    case 'sumsq':
      return sumOf(numbers.map((number) => number * number))
    case 'stddev': {
      const mean = sumOf(numbers) / numbers.length
      return Math.sqrt(sumOf(numbers.map((number) => (number - mean) ** 2)) / numbers.length)
    }
  }
}

type Period = { readonly start: Instant; readonly end: Instant; readonly within: readonly Attribute[] }

function periodsOf(period: Duration, temporal: TemporalQuery, instances: readonly Attribute[], range: AggregationRange): readonly Period[] {
  const timed = instances.flatMap((instance) => {
    const at = timeOf(instance, temporal.timeproperty)
    // An instance that only tells of a deletion is no update of the value.
    return at === undefined || instance.value === ngsiLdNull ? [] : [{ at, instance }]
  })
  if (period.months === 0 && period.us === 0) {
    return timed.length === 0 ? [] : [{ start: range.from, end: range.until, within: timed.map(({ instance }) => instance) }]
  }
  const byIndex = Map.groupBy(timed, ({ at }) => periodIndex(range.from, period, at))
  return [...byIndex]
    .toSorted(([a], [b]) => a - b)
    .map(([index, within]) => ({
      start: periodStart(range.from, period, index),
      end: periodStart(range.from, period, index + 1),
      within: within.map(({ instance }) => instance),
    }))
}

/** The number that a value counts as: itself, 1 for true, 0 for false, an array its size. */
function numberOf(method: AggregationMethod, instance: Attribute): readonly number[] {
  const { kind, value } = instance
  if (kind !== 'Property' && kind !== 'ListProperty' && kind !== 'JsonProperty') return []
  if (typeof value === 'number') return [value]
  if (typeof value === 'boolean') return [Number(value)]
  return Array.isArray(value) && method !== 'stddev' && method !== 'sumsq' ? [value.length] : []
}

/** Least and greatest of strings, by what they mean where all are date-times, dates or times; the mean of times of the day. */
function ofTexts(method: AggregationMethod, instances: readonly Attribute[]): Json | undefined {
  const texts = instances.flatMap(({ kind, value }) => (kind === 'Property' && typeof value === 'string' ? [value] : []))
  if (texts.length === 0) return undefined
  if (method === 'avg') {
    const times = texts.flatMap((text) => timeOfDayUs(text) ?? [])
    return times.length === 0 ? undefined : formatTimeOfDay(Math.round(sumOf(times) / times.length))
  }
  if (method !== 'min' && method !== 'max') return undefined
  const compare = comparerOf(texts)
  const sign = method === 'min' ? 1 : -1
  return texts.reduce((best, text) => (sign * compare(text, best) < 0 ? text : best))
}

function comparerOf(texts: readonly string[]): (a: string, b: string) => number {
  if (texts.every((text) => dateTimeOf(text) !== undefined)) return (a, b) => (dateTimeOf(a) ?? 0) - (dateTimeOf(b) ?? 0)
  if (texts.every((text) => timeOfDayUs(text) !== undefined)) return (a, b) => (timeOfDayUs(a) ?? 0) - (timeOfDayUs(b) ?? 0)
  return compareText
}

/** Sums with Neumaier's compensation, so that the order of the instances hardly matters. */
function sumOf(numbers: readonly number[]): number {
  let sum = 0
  let lost = 0
  for (const number of numbers) {
    const next = sum + number
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    sum = next
  }
  return Number.isFinite(lost) ? sum + lost : sum
}
