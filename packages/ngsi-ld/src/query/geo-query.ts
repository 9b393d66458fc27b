/*
 * The geoquery language (CIM 009, 4.10):
 *
 *   georel   = "near" ";" ( "maxDistance" / "minDistance" ) "==" PositiveNumber       ; metres
 *            / "within" / "contains" / "overlaps" / "intersects" / "equals" / "disjoint"
 *
 * with `geometry`, `coordinates` and `geoproperty` beside it.
 */
import { type Entity, type Geometry, instancesOf } from '../entity/entity.ts'
import { badRequest } from '../errors.ts'
import { type Json } from '../json.ts'
import { boxesWithin, distanceM } from './geometry-distance.ts'
import { equalShapes, intersects, overlaps, within } from './geometry-relation.ts'
import { type Box, type Shape, boxesMeet, parseReferenceGeometry, shapeOf } from './geometry.ts'
import { type Expand, type Name, toName } from './name.ts'

export type GeoRelation =
  | { readonly kind: 'near'; readonly maxDistanceM: number }
  | { readonly kind: 'beyond'; readonly minDistanceM: number }
  | { readonly kind: TopologicalRelation }

export type TopologicalRelation = 'within' | 'contains' | 'overlaps' | 'intersects' | 'equals' | 'disjoint'

export type GeoQuery = { readonly relation: GeoRelation; readonly geometry: Geometry; readonly property: Name }

/** The parameters of a geoquery as callers send them; `coordinates` is JSON or its text. */
export type GeoParameters = { readonly georel: string; readonly geometry: unknown; readonly coordinates: unknown; readonly geoproperty?: string }

/** Parses a geoquery; throws `BadRequestData`, or `TooComplexQuery` where the geometry has too many vertices. */
export function parseGeoQuery(parameters: GeoParameters, expand: Expand): GeoQuery {
  return {
    relation: parseGeorel(parameters.georel),
    geometry: parseReferenceGeometry(parameters.geometry, parameters.coordinates),
    property: toName(parameters.geoproperty ?? 'location', expand),
  }
}

/** Writes a geoquery as its parameters. */
export function printGeoQuery(query: GeoQuery): {
  readonly georel: string
  readonly geometry: string
  readonly coordinates: Json
  readonly geoproperty: string
} {
  return {
    georel: printGeorel(query.relation),
    geometry: query.geometry.type,
    coordinates: query.geometry.coordinates,
    geoproperty: query.property.written,
  }
}

/** Whether any instance of the geoproperty meets the query (5.7.2.4); an entity without it does not match. */
export function matchesGeoQuery(query: GeoQuery, entity: Entity): boolean {
  const reference = referenceOf(query)
  return instancesOf(entity.attributes, query.property.expanded).some((instance) => {
    const shape = instance.kind === 'GeoProperty' || instance.kind === 'Property' ? shapeOf(instance.value) : undefined
    return shape !== undefined && relates(query, shape, reference)
  })
}

/** The shape of the reference geometry. */
export function referenceOf(query: GeoQuery): Shape {
  const known = references.get(query)
  if (known !== undefined) return known
  const shape = shapeOf(query.geometry)
  if (shape === undefined) throw new Error(`The geometry of a geoquery is none: ${JSON.stringify(query.geometry)}`)
  references.set(query, shape)
  return shape
}

/** Shapes by query; they live as long as the query does. */
const references = new WeakMap<GeoQuery, Shape>()

const distancePattern = /^near;(maxDistance|minDistance)==(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/
const topological: readonly string[] = ['within', 'contains', 'overlaps', 'intersects', 'equals', 'disjoint']

function parseGeorel(georel: string): GeoRelation {
  if (isTopological(georel)) return { kind: georel }
  const [, modifier, number] = distancePattern.exec(georel) ?? []
  const distance = Number(number)
  if (modifier === undefined || !Number.isFinite(distance) || distance <= 0)
    throw badRequest(
      `georel must be near with maxDistance==N or minDistance==N, N above 0 in metres, or one of ${topological.join(', ')}, not ${JSON.stringify(georel)}`,
    )
  return modifier === 'maxDistance' ? { kind: 'near', maxDistanceM: distance } : { kind: 'beyond', minDistanceM: distance }
}

function isTopological(georel: string): georel is TopologicalRelation {
  return topological.includes(georel)
}

function printGeorel(relation: GeoRelation): string {
  switch (relation.kind) {
    case 'near':
      return `near;maxDistance==${relation.maxDistanceM}`
    case 'beyond':
      return `near;minDistance==${relation.minDistanceM}`
    case 'within':
    case 'contains':
    case 'overlaps':
    case 'intersects':
    case 'equals':
    case 'disjoint':
      return relation.kind
  }
}

/** Whether the target relates to the reference so; near means its nearest point, and the edge of the buffer counts as near. */
function relates(query: GeoQuery, target: Shape, reference: Shape): boolean {
  const { relation } = query
  switch (relation.kind) {
    case 'near':
      return (
        mayBeWithin(query, relation.maxDistanceM, target, reference) && distanceM(target, reference, relation.maxDistanceM) <= relation.maxDistanceM
      )
    case 'beyond':
      return (
        !mayBeWithin(query, relation.minDistanceM, target, reference) || distanceM(target, reference, relation.minDistanceM) > relation.minDistanceM
      )
    case 'within':
      return within(target, reference)
    case 'contains':
      return within(reference, target)
    case 'overlaps':
      return overlaps(target, reference)
    case 'intersects':
      return intersects(target, reference)
    case 'equals':
      return equalShapes(target, reference)
    case 'disjoint':
      return !intersects(target, reference)
  }
}

/** The boxes around the reference of a query, which live as long as the query does. */
const boxesOf = new WeakMap<GeoQuery, { readonly boxes: readonly Box[] | undefined }>()

/** Whether the target meets a box that holds all that is within the distance; if not, nothing need be measured. */
function mayBeWithin(query: GeoQuery, distance: number, target: Shape, reference: Shape): boolean {
  let known = boxesOf.get(query)
  if (known === undefined) {
    known = { boxes: boxesWithin(reference.box, distance) }
    boxesOf.set(query, known)
  }
  return known.boxes === undefined || known.boxes.some((box) => boxesMeet(box, target.box))
}
