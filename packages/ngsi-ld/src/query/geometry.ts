import type { Geometry } from '../entity/entity.ts'
import { NgsiLdError, badRequest } from '../errors.ts'
import { type Json, isJsonObject } from '../json.ts'

/** Longitude and latitude in degrees (WGS 84). */
export type Position = readonly [number, number]

/** [west, south, east, north] in degrees, west at most east. */
export type Box = readonly [number, number, number, number]

/** The parts of a geometry in the plane of longitude and latitude; one of the three is filled (4.7.1 knows no GeometryCollection). */
export type Shape = {
  readonly points: readonly Position[]
  readonly lines: readonly (readonly Position[])[]
  /** Each polygon is its rings, closed; what lies in an odd number of them is inside. */
  readonly polygons: readonly (readonly (readonly Position[])[])[]
  readonly box: Box
}

/** The largest number of vertices of a caller's reference geometry. */
export const maxVertices = 1024

/** Parses a reference geometry (RFC 7946, 3.1, without GeometryCollection); throws `BadRequestData`, and `TooComplexQuery` over `maxVertices`. */
export function parseReferenceGeometry(type: unknown, coordinates: unknown, what = 'coordinates'): Geometry {
  if (typeof type !== 'string' || !isGeometryType(type))
    throw badRequest(`geometry must be one of ${geometryTypes.join(', ')}, not ${JSON.stringify(type)}`)
  const parsed = typeof coordinates === 'string' ? parseJson(coordinates, what) : coordinates
  const geometry = { type, coordinates: parsed as Json }
  const shape = shapeOf(geometry)
  if (shape === undefined) throw badRequest(`${what} must be those of a ${type} (RFC 7946, 3.1), in degrees, with closed rings`)
  const vertices = shape.points.length + [...shape.lines, ...shape.polygons.flat()].reduce((sum, line) => sum + line.length, 0)
  if (vertices > maxVertices) throw new NgsiLdError('TooComplexQuery', `${what} must have at most ${maxVertices} vertices, not ${vertices}`)
  return geometry
}

/** The parts of a GeoJSON geometry, or `undefined` where the value is none. */
export function shapeOf(value: Json): Shape | undefined {
  if (!isJsonObject(value) || typeof value['type'] !== 'string' || !isGeometryType(value['type'])) return undefined
  const parts = partsOf(value['type'], value['coordinates'])
  if (parts === undefined) return undefined
  const box = boxOf([...parts.points, ...parts.lines.flat(), ...parts.polygons.flat(2)])
  return box === undefined ? undefined : { ...parts, box }
}

/** Whether two boxes have a point in common. */
export function boxesMeet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

const geometryTypes = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'] as const
type GeometryType = (typeof geometryTypes)[number]

function isGeometryType(type: string): type is GeometryType {
  return (geometryTypes as readonly string[]).includes(type)
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badRequest(`${what} must be a JSON array, not ${JSON.stringify(text.slice(0, 40))}`, cause)
  }
}

function partsOf(type: GeometryType, coordinates: Json | undefined): Omit<Shape, 'box'> | undefined {
  const none = { points: [], lines: [], polygons: [] }
  switch (type) {
    case 'Point': {
      const point = positionOf(coordinates)
      return point && { ...none, points: [point] }
    }
    case 'MultiPoint': {
      const points = eachOf(coordinates, positionOf)
      return points && { ...none, points }
    }
    case 'LineString': {
      const line = lineOf(coordinates)
      return line && { ...none, lines: [line] }
    }
    case 'MultiLineString': {
      const lines = eachOf(coordinates, lineOf)
      return lines && { ...none, lines }
    }
    case 'Polygon': {
      const polygon = eachOf(coordinates, ringOf)
      return polygon && { ...none, polygons: [polygon] }
    }
    case 'MultiPolygon': {
      const polygons = eachOf(coordinates, (part) => eachOf(part, ringOf))
      return polygons && { ...none, polygons }
    }
  }
}

function eachOf<T>(value: Json | undefined, parse: (part: Json) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const parsed: T[] = []
  for (const part of value as readonly Json[]) {
    const one = parse(part)
    if (one === undefined) return undefined
    parsed.push(one)
  }
  return parsed
}

function positionOf(value: Json | undefined): Position | undefined {
  if (!Array.isArray(value) || value.length < 2 || value.length > 4) return undefined
  const [longitude, latitude] = value as readonly Json[]
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return undefined
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : undefined
}

function lineOf(value: Json | undefined): readonly Position[] | undefined {
  const line = eachOf(value, positionOf)
  return line !== undefined && line.length >= 2 ? line : undefined
}

function ringOf(value: Json): readonly Position[] | undefined {
  const ring = eachOf(value, positionOf)
  const [first, last] = [ring?.[0], ring?.at(-1)]
  if (ring === undefined || first === undefined || last === undefined || ring.length < 4) return undefined
  return first[0] === last[0] && first[1] === last[1] ? ring : undefined
}

function boxOf(positions: readonly Position[]): Box | undefined {
  if (positions.length === 0) return undefined
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [longitude, latitude] of positions) {
    west = Math.min(west, longitude)
    east = Math.max(east, longitude)
    south = Math.min(south, latitude)
    north = Math.max(north, latitude)
  }
  return [west, south, east, north]
}
