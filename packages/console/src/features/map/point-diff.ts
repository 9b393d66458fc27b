import type { Feature, Point } from 'geojson'
import type { GeoJSONSourceDiff } from 'maplibre-gl'
import { placementOf } from '../../layer/layer-rows.ts'
import type { LayerRows, Row } from '../../layer/layer-rows.ts'
import { classOf, colourStepOf } from '../../layer/value-classes.ts'

/** What a drawn point carries: its id, the colour step of its value, and the value itself. */
export type PointProperties = { readonly id: string; readonly step: number | 'none'; readonly value: number | null }

/** All rows of a layer that can be drawn. */
export function toPoints(rows: LayerRows): Feature<Point, PointProperties>[] {
  return [...rows.rows.values()].flatMap((row) => {
    const point = toPoint(rows, row)
    return point === null ? [] : [point]
  })
}

/**
 * The difference that brings a source up to date for some ids. `drawn` holds the ids the source has with their positions, and is kept in step.
 * Only what moved gets a new geometry; only what is new is added.
 */
export function toDiff(rows: LayerRows, ids: Iterable<string>, drawn: Map<string, string>): GeoJSONSourceDiff {
  const add: Feature[] = []
  const update: NonNullable<GeoJSONSourceDiff['update']> = []
  const remove: string[] = []
  for (const id of ids) {
    const row = rows.rows.get(id)
    const point = row === undefined ? null : toPoint(rows, row)
    const before = drawn.get(id)
    if (point === null) {
      if (before !== undefined) remove.push(id)
      drawn.delete(id)
      continue
    }
    const place = placeOf(point)
    drawn.set(id, place)
    if (before === undefined) {
      add.push(point)
      continue
    }
    const { step, value } = point.properties
    const properties = [
      { key: 'step', value: step },
      { key: 'value', value },
    ]
    update.push({ id, addOrUpdateProperties: properties, ...(before === place ? {} : { newGeometry: point.geometry }) })
  }
  return { add, update, remove }
}

/** The positions of points by id, as `toDiff` keeps them. */
export function drawnOf(points: readonly Feature<Point, PointProperties>[]): Map<string, string> {
  return new Map(points.map((point) => [point.properties.id, placeOf(point)]))
}

function placeOf(point: Feature<Point, PointProperties>): string {
  return point.geometry.coordinates.join(' ')
}

function toPoint(rows: LayerRows, row: Row): Feature<Point, PointProperties> | null {
  if (placementOf(row) !== 'placed') return null
  const step = row.value === null || rows.classes === null ? 'none' : colourStepOf(rows.classes, classOf(rows.classes, row.value))
  return {
    type: 'Feature',
    properties: { id: row.id, step, value: row.value },
    geometry: { type: 'Point', coordinates: [row.lon!, row.lat!] },
  }
}
