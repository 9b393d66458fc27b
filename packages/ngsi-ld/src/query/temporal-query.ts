/*
 * The temporal query language (CIM 009, 4.11):
 *
 *   timerel = "before" / "after" / "between"
 *
 * with `timeAt`, for between `endTimeAt`, and `timeproperty`. The start is inclusive, the end exclusive.
 */
import type { Attribute, Attributes, Iri, TemporalEntity } from '../entity/entity.ts'
import { type Instant, formatInstant, parseInstant } from '../entity/instant.ts'
import { badRequest } from '../errors.ts'
import { type EntityQuery, matchesEntity } from './entity-query.ts'
import type { FindLinked } from './q-target.ts'

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
  const kept = isRestricted(query) ? instances.filter((instance) => liesInInterval(query, instance)) : instances
  const at = (instance: Attribute): number => timeOf(instance, query.timeproperty) ?? -Infinity
  const sorted = kept.toSorted((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)))
  return lastN === undefined ? sorted : sorted.slice(-lastN)
}

/** The evolution reduced to the instances of the interval; attributes without any are not there. */
export function inInterval(query: TemporalQuery, evolution: TemporalEntity, lastN?: number): TemporalEntity {
  const attributes: [Iri, readonly Attribute[]][] = []
  for (const [name, instances] of Object.entries(evolution.attributes)) {
    const selected = selectInstances(query, instances, lastN)
    if (selected.length > 0) attributes.push([name, selected])
  }
  return { ...evolution, attributes: Object.fromEntries(attributes) satisfies Attributes }
}

/**
 * Whether the evolution matches (5.7.4.4): an instance of an attribute that is asked for lies in the interval, and what lies there meets the query.
 * `attrs` of the query names the attributes; without it any counts. An evolution without any attribute matches only where times are not restricted.
 */
export function matchesTemporal(query: EntityQuery, temporal: TemporalQuery, evolution: TemporalEntity, findLinked?: FindLinked): boolean {
  const kept = inInterval(temporal, evolution)
  if (isRestricted(temporal) && Object.keys(kept.attributes).length === 0) return false
  return matchesEntity(query, kept, findLinked)
}

function parseTemporalProperty(text: string): TemporalProperty {
  if (text === 'observedAt' || text === 'createdAt' || text === 'modifiedAt' || text === 'deletedAt') return text
  throw badRequest(`timeproperty must be observedAt, createdAt, modifiedAt or deletedAt, not ${JSON.stringify(text)}`)
}
