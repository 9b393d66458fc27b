import { badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'

/** Positions that one geometry may have. */
export const maxVertices = 1024

/** How deep `coordinates` nests, by type; GeometryCollection is not supported (4.7.1). */
const nesting = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 } as const
type GeometryType = keyof typeof nesting

/** Whether the value has the looks of a geometry, so that a concise value is a GeoProperty (4.7.3). */
export function looksLikeGeometry(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value['type'] === 'string' && Object.hasOwn(nesting, value['type']) && Object.hasOwn(value, 'coordinates')
}

/**
 * Reads a GeoJSON geometry (RFC 7946), also one encoded as a string (4.7.2). Rings must be closed and have four positions; they may cross themselves, since
 * published data does. Throws `BadRequestData`, naming `path`.
 */
export function parseGeometry(value: unknown, path: string): JsonObject {
  const geometry = typeof value === 'string' ? decoded(value, path) : value
  if (!isJsonObject(geometry)) throw badRequest(`${path} must be a GeoJSON geometry`)
  const type = geometry['type']
  if (typeof type !== 'string' || !Object.hasOwn(nesting, type))
    throw badRequest(`${path} must be a GeoJSON geometry of type ${Object.keys(nesting).join(', ')}, not ${JSON.stringify(type)?.slice(0, 80)}`)
  const room = { vertices: maxVertices }
  checkPositions(geometry['coordinates'], nesting[type as GeometryType], type as GeometryType, room, path)
  if (Object.hasOwn(geometry, 'bbox')) checkBox(geometry['bbox'], path)
  return geometry
}

function decoded(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(`${path} must be a GeoJSON geometry, or one encoded as a string`, error)
  }
}

function checkPositions(value: Json | undefined, depth: number, type: GeometryType, room: { vertices: number }, path: string): void {
  if (!Array.isArray(value)) throw badRequest(`${path} has coordinates that are no ${type}'s`)
  const parts = value as readonly Json[]
  if (depth === 0) {
    checkPosition(parts, path)
    room.vertices -= 1
    if (room.vertices < 0) throw badRequest(`${path} has more than ${maxVertices} positions`)
    return
  }
  if (parts.length === 0) throw badRequest(`${path} has a ${type} without positions`)
  for (const part of parts) checkPositions(part, depth - 1, type, room, path)
  if (depth > 1) return
  if (type === 'LineString' || type === 'MultiLineString') {
    if (parts.length < 2) throw badRequest(`${path} has a line of fewer than two positions`)
  } else if (type === 'Polygon' || type === 'MultiPolygon') checkRing(parts, path)
}

function checkPosition(position: readonly Json[], path: string): void {
  const [longitude, latitude] = position as readonly number[]
  if (position.length < 2 || position.length > 4 || !position.every((part) => typeof part === 'number' && Number.isFinite(part)))
    throw badRequest(`${path} has a position that is not [longitude, latitude] with an optional altitude`)
  if (longitude === undefined || latitude === undefined || Math.abs(longitude) > 180 || Math.abs(latitude) > 90)
    throw badRequest(`${path} has the position [${longitude}, ${latitude}] outside the degrees of longitude (180) and latitude (90)`)
}

function checkRing(ring: readonly Json[], path: string): void {
  const first = ring[0] as readonly number[]
  const last = ring.at(-1) as readonly number[]
  if (ring.length < 4) throw badRequest(`${path} has a ring of fewer than four positions`)
  if (first.length !== last.length || first.some((part, i) => part !== last[i]))
    throw badRequest(`${path} has a ring that does not end where it begins`)
}

function checkBox(box: Json | undefined, path: string): void {
  if (!Array.isArray(box) || (box.length !== 4 && box.length !== 6) || !box.every((part) => typeof part === 'number' && Number.isFinite(part)))
    throw badRequest(`${path} has a bbox that is not four or six numbers`)
}
