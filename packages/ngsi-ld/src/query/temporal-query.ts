/*
 * The temporal query language (CIM 009, 4.11):
 *
 *   timerel = "before" / "after" / "between"
 *
 * with `timeAt`, for between `endTimeAt`, and `timeproperty`. The start is inclusive, the end exclusive.
 */
import type { Attribute } from '../entity/entity.ts'
import { type Instant, formatInstant, parseInstant } from '../entity/instant.ts'
import { badRequest } from '../errors.ts'

export type TemporalProperty = 'observedAt' | 'createdAt' | 'modifiedAt' | 'deletedAt'

export type TemporalQuery = {
  readonly timeproperty: TemporalProperty
  /** From, inclusive; absent for `before`. */
  readonly from?: Instant
  /** Until, exclusive; absent for `after`. */
  readonly until?: Instant
}

/** The parameters of a temporal query as callers send them; none of the first two means all times. */
export type TemporalParameters = {
  readonly timerel?: string
  readonly timeAt?: string
  readonly endTimeAt?: string
  readonly timeproperty?: string
}

/** Parses a temporal query; throws `BadRequestData`. */
export function parseTemporalQuery(parameters: TemporalParameters): TemporalQuery {
  const { timerel, timeAt, endTimeAt } = parameters
  const timeproperty = parseTemporalProperty(parameters.timeproperty ?? 'observedAt')
  if (timerel === undefined) {
    if (timeAt !== undefined || endTimeAt !== undefined) throw badRequest('timerel must be given with timeAt and endTimeAt')
    return { timeproperty }
  }
  const at = parseInstant(timeAt, 'timeAt')
  if (timerel === 'before') return { timeproperty, until: at }
  if (timerel === 'after') return { timeproperty, from: at }
  if (timerel !== 'between') throw badRequest(`timerel must be before, after or between, not ${JSON.stringify(timerel)}`)
  return { timeproperty, from: at, until: parseInstant(endTimeAt, 'endTimeAt') }
}

/** Writes a temporal query as its parameters. */
export function printTemporalQuery(query: TemporalQuery): TemporalParameters {
  const { timeproperty, from, until } = query
  if (from === undefined) return until === undefined ? { timeproperty } : { timerel: 'before', timeAt: formatInstant(until), timeproperty }
  if (until === undefined) return { timerel: 'after', timeAt: formatInstant(from), timeproperty }
  return { timerel: 'between', timeAt: formatInstant(from), endTimeAt: formatInstant(until), timeproperty }
}

/** Parses the number of instances that are wanted at most; throws `BadRequestData`. */
export function parseLastN(text: unknown): number {
  const lastN = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text
  if (typeof lastN !== 'number' || !Number.isSafeInteger(lastN) || lastN < 1)
    throw badRequest(`lastN must be a positive integer, not ${JSON.stringify(text)}`)
  return lastN
}

/** The instant of an instance that the query asks about; absent where the instance does not convey it. */
export function timeOf(instance: Attribute, timeproperty: TemporalProperty): Instant | undefined {
  switch (timeproperty) {
    case 'observedAt':
      return instance.observedAt
    case 'createdAt':
      return instance.createdAt
    case 'modifiedAt':
      return instance.modifiedAt
    case 'deletedAt':
      return instance.deletedAt
  }
}

/** Whether an instance lies in the interval; one that does not convey the temporal property does not. */
export function liesInInterval(query: TemporalQuery, instance: Attribute): boolean {
  const at = timeOf(instance, query.timeproperty)
  return at !== undefined && (query.from === undefined || at >= query.from) && (query.until === undefined || at < query.until)
}

/** Whether the query restricts times at all. */
export function isRestricted(query: TemporalQuery): boolean {
  return query.from !== undefined || query.until !== undefined
}

/**
 * The instances of one attribute that lie in the interval, oldest first, at most the `lastN` newest of all dataset ids together (5.2.21).
 * A query without an interval keeps those too that do not convey the temporal property; they come first.
 */
export function selectInstances(query: TemporalQuery, instances: readonly Attribute[], lastN?: number): readonly Attribute[] {
  // Who asks by deletion asks for what was deleted.
  const isNarrow = isRestricted(query) || query.timeproperty === 'deletedAt'
  const kept = isNarrow ? instances.filter((instance) => liesInInterval(query, instance)) : instances
  const at = (instance: Attribute): number => timeOf(instance, query.timeproperty) ?? -Infinity
  const sorted = kept.toSorted((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)))
  return lastN === undefined ? sorted : sorted.slice(-lastN)
}

function parseTemporalProperty(text: string): TemporalProperty {
  if (text === 'observedAt' || text === 'createdAt' || text === 'modifiedAt' || text === 'deletedAt') return text
  throw badRequest(`timeproperty must be observedAt, createdAt, modifiedAt or deletedAt, not ${JSON.stringify(text)}`)
}
