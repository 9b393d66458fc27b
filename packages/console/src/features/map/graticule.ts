import type { Feature, FeatureCollection, LineString } from 'geojson'

/** A view of the map in degrees. */
export type Bounds = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }

const stepsDeg = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
const linesAcross = 8
const poleDeg = 85

/** Meridians and parallels for a view, about eight of each, with their degrees as label. */
export function toGraticule(bounds: Bounds): FeatureCollection<LineString, { label: string }> {
  const spanDeg = Math.max(bounds.east - bounds.west, 1e-9)
  const step = stepsDeg.findLast((each) => spanDeg / each <= linesAcross) ?? stepsDeg[0]!
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  const south = Math.max(-poleDeg, bounds.south - step)
  const north = Math.min(poleDeg, bounds.north + step)
  const west = bounds.west - step
  const east = bounds.east + step
  const meridians = multiples(west, east, step).map((lon) =>
    toLine([lon, south], [lon, north], `${Math.abs(wrap(lon)).toFixed(digits)}°${wrap(lon) === 0 ? '' : wrap(lon) < 0 ? 'W' : 'E'}`),
  )
  const parallels = multiples(south, north, step).map((lat) =>
    toLine([west, lat], [east, lat], `${Math.abs(lat).toFixed(digits)}°${lat === 0 ? '' : lat < 0 ? 'S' : 'N'}`),
  )
  return { type: 'FeatureCollection', features: [...meridians, ...parallels] }
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, at) => Number(((first + at) * step).toFixed(6)))
}

function toLine(from: [number, number], to: [number, number], label: string): Feature<LineString, { label: string }> {
  return { type: 'Feature', properties: { label }, geometry: { type: 'LineString', coordinates: [from, to] } }
}

function wrap(lon: number): number {
  return Number((((((lon + 180) % 360) + 360) % 360) - 180).toFixed(6))
}
