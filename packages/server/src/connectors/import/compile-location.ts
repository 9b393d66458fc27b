import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { LocationRule, Operand } from '../mapping-language/mapping.ts'
import type { CompileScope } from './compile-attribute.ts'
import { compileOperand } from './compute.ts'
import { isEmpty } from './read-value.ts'
import { resolve } from './row-context.ts'
import type { RowContext } from './row-context.ts'
import { shown, Unreadable } from './unreadable.ts'

/** Makes the function that reads a row's geometry (WGS84, longitude first); `undefined` where a coordinate is empty. Throws `Unreadable`. */
export function compileLocation(scope: CompileScope, rule: LocationRule): (context: RowContext) => Json | undefined {
  switch (rule.kind) {
    case 'point': {
      const read = compilePosition(scope, rule.lon, rule.lat)
      return (context) => {
        const coordinates = read(context)
        return coordinates && { type: 'Point', coordinates }
      }
    }
    case 'line': {
      const positions = rule.points.map(([lon, lat]) => compilePosition(scope, lon, lat))
      return (context) => {
        const coordinates = positions.map((read) => read(context))
        return coordinates.every((position) => position !== undefined) ? { type: 'LineString', coordinates } : undefined
      }
    }
    case 'geometry': {
      const source = resolve(scope, rule.column)
      return (context) => {
        const cell = source.get(context)
        return isEmpty(cell, scope.empty) ? undefined : checkGeometry(cell)
      }
    }
  }
}

type Position = readonly [number, number]

function compilePosition(scope: CompileScope, lon: Operand, lat: Operand): (context: RowContext) => Position | undefined {
  const readLon = compileOperand(scope, lon, scope.empty)
  const readLat = compileOperand(scope, lat, scope.empty)
  return (context) => {
    const position = [readLon(context), readLat(context)] as const
    const [x, y] = position
    if (x === undefined || y === undefined) return undefined
    if (!isOnEarth(x, y)) throw new Unreadable(`location: ${x}, ${y} is no longitude and latitude`)
    return [x, y]
  }
}

function isOnEarth(lon: number, lat: number): boolean {
  return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90
}

const depthOf: Readonly<Record<string, number>> = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }

/** A geometry of RFC 7946 whose positions lie on the earth. */
function checkGeometry(value: Json): Json {
  const type = isJsonObject(value) && typeof value['type'] === 'string' ? value['type'] : ''
  const depth = Object.hasOwn(depthOf, type) ? depthOf[type] : undefined
  if (!isJsonObject(value) || depth === undefined || !holdsPositions(value['coordinates'] ?? null, depth))
    throw new Unreadable(`location: ${shown(value)} is not a GeoJSON geometry`)
  return { type, coordinates: value['coordinates'] ?? null }
}

function holdsPositions(value: Json, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  const items = value as readonly Json[]
  if (depth > 0) return items.every((item) => holdsPositions(item, depth - 1))
  const [lon, lat] = items
  return (
    items.length <= 3 && items.every((item) => typeof item === 'number') && typeof lon === 'number' && typeof lat === 'number' && isOnEarth(lon, lat)
  )
}
