import { type Entity, instancesOf } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { compareText } from './compare-value.ts'
import { distanceM } from './geometry-distance.ts'
import { type Shape, shapeOf } from './geometry.ts'
import { type OrderTerm, type Ordering, collatorOf, isByDistance } from './ordering.ts'
import { type Target, targetsOf } from './q-target.ts'
import { dateTimeOf, isCivilDate, timeOfDayUs } from './temporal-value.ts'

/**
 * The entities in the order asked for (CIM 009, 4.23), which is total: the id decides at last. They must be as the caller may see them.
 * Values of different data types go by 4.23.2; null, then absence, come last in both directions. Of several instances the first in the direction counts.
 */
export function orderEntities(ordering: Ordering, entities: readonly Entity[]): readonly Entity[] {
  const collator = collatorOf(ordering.collation)
  const from = ordering.from === undefined ? undefined : shapeOf(ordering.from)
  const keyed = entities.map((entity) => ({ entity, keys: ordering.terms.map((term) => keyOf(term, entity, from, collator)) }))
  keyed.sort((a, b) => {
    for (const [index, term] of ordering.terms.entries()) {
      const [left, right] = [a.keys[index], b.keys[index]]
      const order = left === undefined || right === undefined ? 0 : compareInDirection(left, right, term, collator)
      if (order !== 0) return order
    }
    return compareText(a.entity.id, b.entity.id)
  })
  return keyed.map(({ entity }) => entity)
}

/** A sort key: the rank of its data type in 4.23.2, and what orders within it. Distances come before all. */
type Key = { readonly rank: number; readonly value: number | string | readonly Key[] }

const rankOf = { distance: 0, number: 1, string: 2, object: 3, array: 4, boolean: 5, time: 6, date: 7, dateTime: 8, null: 9, absent: 10 } as const

function keyOf(term: OrderTerm, entity: Entity, from: Shape | undefined, collator: Intl.Collator): Key {
  const distance = isByDistance(term.direction) && from !== undefined ? distanceKey(term, entity, from) : undefined
  if (distance !== undefined) return distance
  const [first, ...others] = keysOf(term, entity)
  if (first === undefined) return { rank: rankOf.absent, value: 0 }
  return others.reduce((best, key) => (compareInDirection(key, best, term, collator) < 0 ? key : best), first)
}

function distanceKey(term: OrderTerm, entity: Entity, from: Shape): Key | undefined {
  const name = term.path.names.length === 1 && term.path.members === undefined ? term.path.names[0] : undefined
  if (name === undefined) return undefined
  const distances = instancesOf(entity.attributes, name.expanded).flatMap((instance) => {
    const shape = instance.kind === 'GeoProperty' ? shapeOf(instance.value) : undefined
    return shape === undefined ? [] : [distanceM(shape, from)]
  })
  if (distances.length === 0) return undefined
  return { rank: rankOf.distance, value: term.direction === 'dist-asc' ? Math.min(...distances) : Math.max(...distances) }
}

function keysOf(term: OrderTerm, entity: Entity): readonly Key[] {
  const written = term.path.names.length === 1 && term.path.members === undefined ? term.path.names[0]?.written : undefined
  if (written === 'id') return [valueKey(entity.id)]
  if (written === 'type') return entity.types.map((type) => valueKey(type))
  if (written === 'scope') return (entity.scopes ?? []).map((scope) => valueKey(scope))
  return targetsOf(term.path, entity, () => undefined).flatMap(targetKeys)
}

function targetKeys(target: Target): readonly Key[] {
  switch (target.kind) {
    case 'instant':
      return [{ rank: rankOf.dateTime, value: target.at }]
    case 'languages':
      return target.values.map(valueKey)
    case 'value':
      return [valueKey(target.value)]
  }
}

function valueKey(value: Json): Key {
  if (value === null) return { rank: rankOf.null, value: 0 }
  if (typeof value === 'number') return { rank: rankOf.number, value }
  if (typeof value === 'boolean') return { rank: rankOf.boolean, value: Number(value) }
  if (typeof value === 'string') return textKey(value)
  if (Array.isArray(value)) return { rank: rankOf.array, value: value.map(valueKey) }
  return { rank: rankOf.object, value: JSON.stringify(value) }
}

function textKey(text: string): Key {
  const dateTime = dateTimeOf(text)
  if (dateTime !== undefined) return { rank: rankOf.dateTime, value: dateTime }
  const time = timeOfDayUs(text)
  if (time !== undefined) return { rank: rankOf.time, value: time }
  return { rank: isCivilDate(text) ? rankOf.date : rankOf.string, value: text }
}

function compareInDirection(a: Key, b: Key, term: OrderTerm, collator: Intl.Collator): number {
  const order = compareKeys(a, b, collator)
  const isLast = a.rank >= rankOf.null || b.rank >= rankOf.null
  const isFirst = a.rank === rankOf.distance && b.rank !== rankOf.distance
  const isSecond = b.rank === rankOf.distance && a.rank !== rankOf.distance
  const descends = term.direction === 'desc' || term.direction === 'dist-desc'
  return descends && !isLast && !isFirst && !isSecond ? -order : order
}

function compareKeys(a: Key, b: Key, collator: Intl.Collator): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  if (typeof a.value === 'string' && typeof b.value === 'string') return collator.compare(a.value, b.value)
  if (typeof a.value === 'number' && typeof b.value === 'number') return Math.sign(a.value - b.value)
  if (typeof a.value !== 'object' || typeof b.value !== 'object') return 0
  for (const [index, left] of a.value.entries()) {
    const right = b.value[index]
    const order = right === undefined ? 1 : compareKeys(left, right, collator)
    if (order !== 0) return order
  }
  return Math.sign(a.value.length - b.value.length)
}
