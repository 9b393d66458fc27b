import { type Attribute, type Entity, type Iri, instancesOf } from '../entity/entity.ts'
import type { EntityQuery, EntitySelector } from './entity-query.ts'
import type { GeoQuery } from './geo-query.ts'
import { referenceOf } from './geo-query.ts'
import { boxesWithin } from './geometry-distance.ts'
import { type Box, boxesMeet, shapeOf } from './geometry.ts'
import type { Q, QOperator, QPath, QValue } from './q.ts'
import { dateTimeOf } from './temporal-value.ts'

/**
 * What holds for every entity that matches a query: hints by which a store narrows before it asks `matchesEntity`. Never wrong, often incomplete.
 */
export type Narrowing = {
  /** The entity has one of these types. */
  readonly types?: readonly Iri[]
  /** The entity has one of these ids. */
  readonly ids?: readonly string[]
  /** The entity has one of these attributes. */
  readonly anyAttribute?: readonly Iri[]
  /** The box of an instance's geometry meets one of these boxes, in degrees. Absent `boxes`: the attribute is there. */
  readonly geo?: { readonly property: Iri; readonly boxes?: readonly Box[] }
  /** Each holds. */
  readonly comparisons: readonly Comparison[]
}

/**
 * `exists`: the attribute is there. Otherwise: its default instance is simple and its value compares so, or it has an instance that is not simple.
 * Simple is a Property or Relationship without dataset id whose value is a string, number or boolean; strings compare by `==` alone, by code unit.
 */
export type Comparison =
  | { readonly kind: 'exists'; readonly name: Iri }
  | { readonly kind: 'compare'; readonly name: Iri; readonly op: Exclude<QOperator, '!='>; readonly value: string | number | boolean }

/** The hints of a query. */
export function narrowingOf(query: EntityQuery): Narrowing {
  const geo = query.geo === undefined ? undefined : { property: query.geo.property.expanded, boxes: boxesOf(query.geo) }
  return {
    types: unionOf(query.entities, typesOf),
    ids: unionOf(query.entities, (selector) => selector.ids),
    anyAttribute: query.attrs,
    geo,
    comparisons: query.q === undefined ? [] : comparisonsOf(query.q),
  }
}

/** Whether an instance is simple, see `Comparison`. */
export function isSimple(instance: Attribute): boolean {
  if (instance.datasetId !== undefined || (instance.kind !== 'Property' && instance.kind !== 'Relationship')) return false
  return typeof instance.value === 'string' || typeof instance.value === 'number' || typeof instance.value === 'boolean'
}

/** Whether the hints hold for an entity: what a store does with them, in plain words. */
export function meetsNarrowing(narrowing: Narrowing, entity: Entity): boolean {
  const { types, ids, anyAttribute, geo } = narrowing
  if (types !== undefined && !types.some((type) => entity.types.includes(type))) return false
  if (ids !== undefined && !ids.includes(entity.id)) return false
  if (anyAttribute !== undefined && !anyAttribute.some((name) => instancesOf(entity.attributes, name).length > 0)) return false
  if (geo !== undefined && !instancesOf(entity.attributes, geo.property).some((instance) => liesInBoxes(instance, geo.boxes))) return false
  return narrowing.comparisons.every((comparison) => holds(comparison, instancesOf(entity.attributes, comparison.name)))
}

function holds(comparison: Comparison, instances: readonly Attribute[]): boolean {
  if (comparison.kind === 'exists') return instances.length > 0
  return instances.some((instance) => {
    if (!isSimple(instance)) return true
    const actual = instance.value
    if (comparison.op === '==') return actual === comparison.value
    return typeof actual === 'number' && typeof comparison.value === 'number' && comparesSo(actual, comparison.op, comparison.value)
  })
}

function comparesSo(a: number, op: '>' | '>=' | '<' | '<=', b: number): boolean {
  switch (op) {
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '<':
      return a < b
    case '<=':
      return a <= b
  }
}

function liesInBoxes(instance: Attribute, boxes: readonly Box[] | undefined): boolean {
  const shape = shapeOf(instance.value)
  return shape !== undefined && (boxes === undefined || boxes.some((box) => boxesMeet(box, shape.box)))
}

/** The union over all selectors, or `undefined` where one of them leaves it open. */
function unionOf<T>(
  selectors: readonly EntitySelector[] | undefined,
  of: (selector: EntitySelector) => readonly T[] | undefined,
): readonly T[] | undefined {
  if (selectors === undefined) return undefined
  const parts = selectors.map(of)
  return parts.includes(undefined) ? undefined : [...new Set(parts.flatMap((part) => part ?? []))]
}

/** One type of each alternative must be there. */
function typesOf(selector: EntitySelector): readonly Iri[] | undefined {
  if (selector.types === undefined || selector.types.kind === 'any') return undefined
  return selector.types.alternatives.flatMap((all) => all.slice(0, 1).map((type) => type.expanded))
}

/** A hair wider than the reference, since what nearly touches it counts as touching. */
const slackDegrees = 1e-9

function boxesOf(geo: GeoQuery): readonly Box[] | undefined {
  const [west, south, east, north] = referenceOf(geo).box
  switch (geo.relation.kind) {
    case 'near':
      return boxesWithin([west, south, east, north], geo.relation.maxDistanceM)
    case 'beyond':
    case 'disjoint':
      return undefined
    case 'within':
    case 'contains':
    case 'overlaps':
    case 'intersects':
    case 'equals':
      return [[west - slackDegrees, south - slackDegrees, east + slackDegrees, north + slackDegrees]]
  }
}

function comparisonsOf(q: Q): readonly Comparison[] {
  switch (q.kind) {
    case 'and':
      return q.terms.flatMap(comparisonsOf)
    case 'or':
      return []
    case 'exists':
      return q.negated ? [] : existsOf(q.path)
    case 'pattern':
      return existsOf(q.path)
    case 'compare': {
      const { path, op, operand } = q
      const name = path.names[0]?.expanded
      if (name === undefined || !isPlain(path) || op === '!=') return existsOf(path)
      if (operand.kind === 'single') return [...existsOf(path), ...comparisonOf(name, op, operand.value)]
      if (operand.kind === 'list') return existsOf(path)
      return [...existsOf(path), ...comparisonOf(name, '>=', operand.from), ...comparisonOf(name, '<=', operand.to)]
    }
  }
}

/** The first attribute of a path must be there, unless it is one of the entity's own times. */
function existsOf(path: QPath): readonly Comparison[] {
  const first = path.links[0]?.name ?? path.names[0]
  if (first === undefined || (path.links.length === 0 && path.names.length === 1 && isEntityTime(first.written))) return []
  return [{ kind: 'exists', name: first.expanded }]
}

function isPlain(path: QPath): boolean {
  return path.links.length === 0 && path.names.length === 1 && path.members === undefined && !isEntityTime(path.names[0]?.written ?? '')
}

function isEntityTime(written: string): boolean {
  return written === 'createdAt' || written === 'modifiedAt' || written === 'deletedAt' || written === 'expiresAt' || written === 'observedAt'
}

function comparisonOf(name: Iri, op: Exclude<QOperator, '!='>, value: QValue): readonly Comparison[] {
  switch (value.kind) {
    case 'number':
      return [{ kind: 'compare', name, op, value: value.value }]
    case 'boolean':
      return [{ kind: 'compare', name, op, value: value.value }]
    case 'string':
    case 'word':
      // Expanded values match two texts, date-times match by what they mean.
      if (op !== '==' || value.expanded !== undefined || dateTimeOf(value.value) !== undefined) return []
      return [{ kind: 'compare', name, op, value: value.value }]
    case 'dateTime':
    case 'date':
    case 'time':
      return []
  }
}
