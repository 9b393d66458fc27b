import { instancesOf, isJsonObject, isSimple } from '@cityloop/ngsi-ld'
import type { Attribute, Entity, Json } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import type { Dictionary } from './dictionary.ts'

/** Texts are indexed by their first characters only. */
const indexedTextLength = 80

/** What the side index has for an instance that is not simple: it may match any comparison. */
export const notSimple = new Uint8Array([0])

type IndexKey = string | number | Uint8Array

/** [west, east, south, north] */
type Box = readonly [number, number, number, number]

/** What the side indexes say of an entity, so that only differences are written. */
type Indexed = {
  readonly values: ReadonlyMap<string, { attribute: number; value: IndexKey }>
  readonly places: ReadonlyMap<string, { attribute: number; layer: number; box: Box }>
}

/** Keeps the type lists and counters, the attribute side index and the R*Tree in step with an entity's document. */
export function openEntityIndexes(
  database: DatabaseSync,
  names: Dictionary,
): { change(tenant: number, pk: number, id: string, before: Entity | undefined, after: Entity | undefined): void } {
  const addType = database.prepare('INSERT OR IGNORE INTO type_entity (tenant, type, id, pk) VALUES (?, ?, ?, ?)')
  const addEver = database.prepare('INSERT OR IGNORE INTO type_ever (tenant, type, id, pk) VALUES (?, ?, ?, ?)')
  const removeType = database.prepare('DELETE FROM type_entity WHERE tenant = ? AND type = ? AND id = ?')
  const countAttribute = database.prepare(
    'INSERT INTO type_attribute (tenant, type, attribute, count) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET count = count + ?4',
  )
  const addValue = database.prepare('INSERT OR IGNORE INTO attribute_value (tenant, attribute, value, pk) VALUES (?, ?, ?, ?)')
  const removeValue = database.prepare('DELETE FROM attribute_value WHERE tenant = ? AND attribute = ? AND value = ? AND pk = ?')
  const addPlace = database.prepare(
    'INSERT INTO place (id, west, east, south, north, layer_low, layer_high, pk, attribute) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const addPlaceOf = database.prepare('INSERT INTO place_of (pk, place) VALUES (?, ?)')
  const placesOf = database.prepare('SELECT place FROM place_of WHERE pk = ?')
  const removePlace = database.prepare('DELETE FROM place WHERE id = ?')
  const removePlacesOf = database.prepare('DELETE FROM place_of WHERE pk = ?')
  const findLayer = database.prepare('SELECT id FROM layer WHERE tenant = ? AND type = ?')
  const insertLayer = database.prepare('INSERT INTO layer (tenant, type) VALUES (?, ?)')

  function layerOf(tenant: number, type: number): number {
    const found = Number(findLayer.get(tenant, type)?.['id'] ?? 0)
    return found === 0 ? Number(insertLayer.run(tenant, type).lastInsertRowid) : found
  }

  function changeTypes(tenant: number, pk: number, id: string, before: Entity | undefined, after: Entity | undefined): boolean {
    const was = before?.types ?? []
    const is = after?.types ?? []
    const sameTypes = was.length === is.length && was.every((type) => is.includes(type))
    if (!sameTypes) {
      for (const type of was) if (!is.includes(type)) removeType.run(tenant, names.number(type), id)
      for (const type of is) {
        if (was.includes(type)) continue
        addType.run(tenant, names.number(type), id, pk)
        addEver.run(tenant, names.number(type), id, pk)
      }
    }
    const had = before === undefined ? [] : Object.keys(before.attributes)
    const has = after === undefined ? [] : Object.keys(after.attributes)
    if (sameTypes && had.length === has.length && had.every((name) => after !== undefined && Object.hasOwn(after.attributes, name))) return !sameTypes
    for (const type of was) for (const name of ['', ...had]) countAttribute.run(tenant, names.number(type), name === '' ? 0 : names.number(name), -1)
    for (const type of is) for (const name of ['', ...has]) countAttribute.run(tenant, names.number(type), name === '' ? 0 : names.number(name), 1)
    return !sameTypes
  }

  function changeValues(tenant: number, pk: number, was: Indexed['values'], is: Indexed['values']): void {
    for (const [key, { attribute, value }] of was) if (!is.has(key)) removeValue.run(tenant, attribute, value, pk)
    for (const [key, { attribute, value }] of is) if (!was.has(key)) addValue.run(tenant, attribute, value, pk)
  }

  function changePlaces(pk: number, was: Indexed['places'], is: Indexed['places']): void {
    if (was.size === is.size && [...was.keys()].every((key) => is.has(key))) return
    if (was.size > 0) {
      for (const { place } of placesOf.all(pk)) removePlace.run(place ?? null)
      removePlacesOf.run(pk)
    }
    for (const { attribute, layer, box } of is.values()) {
      addPlaceOf.run(pk, addPlace.run(...box, layer, layer, pk, attribute).lastInsertRowid)
    }
  }

  function indexed(tenant: number, entity: Entity | undefined, attributes: readonly string[]): Indexed {
    const values = new Map<string, { attribute: number; value: IndexKey }>()
    const places = new Map<string, { attribute: number; layer: number; box: Box }>()
    for (const name of attributes) {
      const attribute = names.number(name)
      for (const instance of instancesOf(entity?.attributes ?? {}, name)) {
        if (instance.kind === 'GeoProperty') {
          const box = boxOf(instance)
          for (const type of box === undefined ? [] : (entity?.types ?? [])) {
            const layer = layerOf(tenant, names.number(type))
            if (box !== undefined) places.set(`${attribute} ${layer} ${instance.datasetId ?? ''} ${box.join(' ')}`, { attribute, layer, box })
          }
        }
        const value = keyOf(instance)
        values.set(`${attribute} ${typeof value} ${typeof value === 'object' ? '' : value}`, { attribute, value })
      }
    }
    return { values, places }
  }

  return {
    change(tenant, pk, id, before, after) {
      const typesChanged = changeTypes(tenant, pk, id, before, after)
      const changed = changedNames(before, after)
      changeValues(tenant, pk, indexed(tenant, before, changed).values, indexed(tenant, after, changed).values)
      if (!typesChanged && !changed.some((name) => isGeographic(before, name) || isGeographic(after, name))) return
      const places = [before, after].map((entity) => indexed(tenant, entity, Object.keys(entity?.attributes ?? {})).places)
      changePlaces(pk, places[0] ?? new Map(), places[1] ?? new Map())
    },
  }
}

/** The attributes whose instances are not the same objects: a command shares what it leaves alone. */
function changedNames(before: Entity | undefined, after: Entity | undefined): readonly string[] {
  const was = before?.attributes ?? {}
  const is = after?.attributes ?? {}
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name])
}

function isGeographic(entity: Entity | undefined, name: string): boolean {
  return instancesOf(entity?.attributes ?? {}, name).some((instance) => instance.kind === 'GeoProperty')
}

/** What the side index has of an attribute instance. */
function keyOf(instance: Attribute): IndexKey {
  return isSimple(instance) ? indexKey(instance.value as string | number | boolean) : notSimple
}

/** A simple value as the side index has it: a boolean as `true` or `false`, the beginning of a text. */
export function indexKey(value: string | number | boolean): string | number {
  return typeof value === 'number' ? value : String(value).slice(0, indexedTextLength)
}

function boxOf(instance: Attribute): Box | undefined {
  let box: [number, number, number, number] | undefined
  visit(instance.value)
  return box

  function visit(value: Json | undefined): void {
    if (Array.isArray(value)) {
      const [x, y] = value as readonly Json[]
      if (typeof x === 'number' && typeof y === 'number')
        box = box === undefined ? [x, x, y, y] : [Math.min(box[0], x), Math.max(box[1], x), Math.min(box[2], y), Math.max(box[3], y)]
      else for (const part of value as readonly Json[]) visit(part)
    } else if (isJsonObject(value)) {
      visit(value['coordinates'])
      visit(value['geometries'])
    }
  }
}
