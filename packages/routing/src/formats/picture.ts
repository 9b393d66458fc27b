import type { Problem } from '../problem.ts'
import type { Solution } from '../solution.ts'
import { straightWay, type WayOf } from './geojson.ts'

const size = 900
const margin = 30

/** What a picture shows beside the plan. */
export interface PictureOptions {
  /** The way of a route; straight from place to place unless given. */
  readonly wayOf?: WayOf
  /** Coordinates are degrees of longitude and latitude, whose widths differ; else they are plane. */
  readonly isGeographic?: boolean
  /** Lines drawn thin under the routes, as streets. */
  readonly background?: readonly (readonly (readonly [number, number])[])[]
  /** A line below the table, as the source of the streets. */
  readonly note?: string
}

/** Draws a plan as a web page with one SVG picture and a table of the routes; no script, nothing loaded. Throws `FormatError` without coordinates. */
export function writePicture(problem: Problem, solution: Solution, title: string, options: PictureOptions = {}): string {
  const { wayOf = straightWay(problem), isGeographic = false, background = [], note } = options
  const middle = isGeographic ? middleLatitude(problem.coordinates ?? []) : 0
  // A degree of longitude is narrower than one of latitude, the more so the farther from the equator.
  const shrink = Math.cos((middle * Math.PI) / 180)
  const flat = (point: readonly [number, number]): [number, number] => [point[0] * shrink, point[1]]
  const ways = solution.routes.map((route) => wayOf(route))
  const points = [...(problem.coordinates ?? []), ...ways.flat()].map(flat)
  const low = [0, 1].map((axis) => points.reduce((least, point) => Math.min(least, point[axis]!), Infinity))
  const high = [0, 1].map((axis) => points.reduce((most, point) => Math.max(most, point[axis]!), -Infinity))
  const scale = (size - 2 * margin) / Math.max(1e-9, high[0]! - low[0]!, high[1]! - low[1]!)
  const width = Math.round(2 * margin + (high[0]! - low[0]!) * scale)
  const height = Math.round(2 * margin + (high[1]! - low[1]!) * scale)
  const x = (point: readonly [number, number]): string => (margin + (flat(point)[0] - low[0]!) * scale).toFixed(1)
  const y = (point: readonly [number, number]): string => (height - margin - (point[1] - low[1]!) * scale).toFixed(1)
  const path = (line: readonly (readonly [number, number])[]): string => line.map((point) => `${x(point)},${y(point)}`).join(' ')
  const streets = background.map((line) => `<polyline fill="none" stroke="#ccc" stroke-width="1" points="${path(line)}"/>`)
  const colour = (index: number): string => `hsl(${(index * 137) % 360} 70% 42%)`
  const lines = ways.map((way, index) => `<polyline fill="none" stroke="${colour(index)}" stroke-width="2" points="${path(way)}"/>`)
  const marks = solution.routes.flatMap((route, index) =>
    route.steps.flatMap((step) => {
      if (step.place === undefined) return []
      const point = problem.coordinates![step.place]!
      if (step.kind === 'stop')
        return [
          `<circle cx="${x(point)}" cy="${y(point)}" r="3.5" fill="${colour(index)}" stroke="#fff" stroke-width="0.7"><title>${escape(problem.stops[step.index!]!.id)}</title></circle>`,
        ]
      const name = step.kind === 'site' ? problem.sites[step.index!]!.id : step.kind
      return [
        `<rect x="${Number(x(point)) - 6}" y="${Number(y(point)) - 6}" width="12" height="12" fill="${step.kind === 'site' ? '#222' : '#888'}"><title>${escape(name)}</title></rect>`,
      ]
    }),
  )
  const left = solution.unassigned.map(({ stop, detail }) => {
    const point = problem.coordinates![problem.stops[stop]!.place]!
    return `<circle cx="${x(point)}" cy="${y(point)}" r="4" fill="none" stroke="#c00" stroke-width="2"><title>${escape(detail)}</title></circle>`
  })
  const rows = solution.routes.map((route, index) => {
    const stops = route.steps.filter((step) => step.kind === 'stop').length
    const name = escape(problem.vehicles[route.vehicle]!.id)
    return `<tr><td style="color:${colour(index)}">■ ${name}</td><td>${stops}</td><td>${route.distance}</td><td>${route.travel}</td><td>${route.cost}</td></tr>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:14px system-ui;margin:16px;display:flex;flex-wrap:wrap;gap:24px}td,th{padding:2px 10px;text-align:right}td:first-child{text-align:left}</style></head>
<body><svg width="${width}" height="${height}" role="img" aria-label="${escape(title)}">${[...streets, ...lines, ...marks, ...left].join('\n')}</svg>
<div><h1>${escape(title)}</h1><p>Cost ${solution.cost}, ${solution.routes.length} routes, ${solution.unassigned.length} stops left out</p>
<table><tr><th>vehicle</th><th>stops</th><th>distance</th><th>travel</th><th>cost</th></tr>${rows.join('')}</table>${note === undefined ? '' : `<p>${escape(note)}</p>`}</div></body></html>
`
}

function middleLatitude(points: readonly (readonly [number, number])[]): number {
  const latitudes = points.map((point) => point[1])
  return latitudes.length === 0 ? 0 : (Math.min(...latitudes) + Math.max(...latitudes)) / 2
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
