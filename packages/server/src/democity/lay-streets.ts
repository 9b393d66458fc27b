import type { LayOfLand, Spot } from './lay-of-land.ts'
import { groundM } from './lay-of-land.ts'
import { noise } from './random.ts'

/** A street's piece between two crossings. */
export type Block = {
  readonly from: number
  readonly to: number
  readonly line: Line
  readonly isBridge: boolean
}

/** One street through the town. Tags are OpenStreetMap's. */
export type Line = {
  readonly name: string
  readonly highway: 'trunk' | 'primary' | 'secondary' | 'tertiary' | 'residential'
  readonly speedKmh: number
  /** The way cars may go in the middle of the town: both, or along or against the direction of drawing. */
  readonly oneway: 'no' | 'yes' | '-1'
}

/** Crossings and the blocks between them; `crossingAt` finds a crossing by column and row of the town's grid. */
export type StreetPlan = {
  readonly crossings: readonly Spot[]
  readonly blocks: readonly Block[]
  crossingAt(column: number, row: number): number | undefined
}

/** Columns and rows to each side of the middle. */
export const [columns, rows] = [26, 23]

const spacingM = 140
const bridgeEvery = 6
const words =
  'Anchor Baker Cedar Dock Elm Ferry Garden Harbour Ivy Juniper King Linden Mill North Oak Pier Quay Rope Salt Tide Almond Bell Castle Dyer Fountain'.split(
    ' ',
  )
const kinds = ['Street', 'Avenue', 'Road', 'Row', 'Lane']

/**
 * Lays a crooked grid over the land: wide streets at every sixth line, one-way pairs in the middle of the town, wider blocks towards its edge, bridges at every
 * sixth column, and three roads that lead out.
 */
export function layStreets(seed: number, land: LayOfLand): StreetPlan {
  const crossings: Spot[] = []
  const blocks: Block[] = []
  const index = new Map<string, number>()
  const crossingAt = (column: number, row: number): number | undefined => index.get(`${column} ${row}`)
  for (let column = -columns; column <= columns; column += 1) {
    for (let row = -rows; row <= rows; row += 1) {
      const spot: Spot = [
        900 + column * spacingM + 80 * Math.sin(row / 5 + seed) + 24 * (noise(seed, column, row, 1) - 0.5),
        250 + row * spacingM + 70 * Math.sin(column / 6 + 2 * seed) + 24 * (noise(seed, column, row, 2) - 0.5),
      ]
      const out = land.outness(spot)
      const isSparse = out > 0.62 && column % 2 !== 0 && row % 2 !== 0
      if (out > 1 || isSparse || !land.isLand(spot, 30)) continue
      index.set(`${column} ${row}`, crossings.length)
      crossings.push(spot)
    }
  }
  const columnLines = Array.from({ length: 2 * columns + 1 }, (_, at) => lineOf(seed, at - columns, at))
  const rowLines = Array.from({ length: 2 * rows + 1 }, (_, at) => lineOf(seed, at - rows, 2 * columns + 1 + at))
  const add = (from: number, to: number, line: Line, isBridge: boolean): void => void blocks.push({ from, to, line, isBridge })
  const isDry = (from: Spot, to: Spot): boolean =>
    [0.25, 0.5, 0.75].every((part) => land.isLand([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part], 8))
  for (let row = -rows; row <= rows; row += 1) join(row, 'row')
  for (let column = -columns; column <= columns; column += 1) join(column, 'column')
  leadOut()
  return { crossings, blocks, crossingAt }

  /** Joins the crossings of one line, in order; over a gap only where it is the river and a bridge is due. */
  function join(number: number, direction: 'row' | 'column'): void {
    const reach = direction === 'row' ? columns : rows
    const line = direction === 'row' ? rowLines[number + rows] : columnLines[number + columns]
    if (line === undefined) return
    let last: { readonly at: number; readonly step: number } | undefined
    for (let step = -reach; step <= reach; step += 1) {
      const at = direction === 'row' ? crossingAt(step, number) : crossingAt(number, step)
      if (at === undefined) continue
      const [from, to] = [crossings[last?.at ?? -1], crossings[at]]
      if (last !== undefined && from !== undefined && to !== undefined) {
        const isOut = land.outness(from) > 0.62 && number % 2 !== 0
        const gap = step - last.step
        if (!isOut && gap <= 2 && isDry(from, to)) add(last.at, at, line, false)
        else if (direction === 'column' && number % bridgeEvery === 0 && gap <= 6 && isAcrossRiver(from, to)) add(last.at, at, line, true)
      }
      last = { at, step }
    }
  }

  function isAcrossRiver(from: Spot, to: Spot): boolean {
    return from[1] < land.riverAt(from[0]) && to[1] > land.riverAt(to[0]) && Math.min(from[0], to[0]) > land.coastAt((from[1] + to[1]) / 2)
  }

  /** Roads north, south and east, from the outermost crossing of their line to the end of the ground. */
  function leadOut(): void {
    const road: Line = { name: 'Coast Highway', highway: 'trunk', speedKmh: 80, oneway: 'no' }
    const inner = (step: number): number | undefined => crossingAt(0, step)
    const north = outermost(rows, inner)
    const south = outermost(-rows, inner)
    const east = outermost(columns, (step) => crossingAt(step, 12))
    if (north !== undefined) lead(north, ([eastM, northM], k) => [eastM + 300 * Math.sin(k / 6), northM + 500], road)
    if (south !== undefined) lead(south, ([eastM, northM], k) => [eastM + 200 * Math.sin(k / 5), northM - 500], road)
    if (east !== undefined) lead(east, ([eastM, northM], k) => [eastM + 500, northM + 90 * Math.sin(k / 4)], { ...road, name: 'Inland Highway' })
  }

  function lead(start: number, next: (spot: Spot, step: number) => Spot, line: Line): void {
    let at = start
    for (let step = 0; step < 60; step += 1) {
      const spot = crossings[at]
      if (spot === undefined || Math.abs(spot[0]) > groundM || Math.abs(spot[1]) > groundM) return
      crossings.push(next(spot, step))
      add(at, crossings.length - 1, line, false)
      at = crossings.length - 1
    }
  }
}

function outermost(reach: number, at: (step: number) => number | undefined): number | undefined {
  for (let step = reach; step !== 0; step -= Math.sign(reach)) {
    const found = at(step)
    if (found !== undefined) return found
  }
  return undefined
}

function lineOf(seed: number, number: number, name: number): Line {
  const place = (name * 37 + seed * 11) % (words.length * kinds.length)
  const head = { name: `${words[place % words.length] ?? ''} ${kinds[Math.floor(place / words.length)] ?? ''}` }
  if (number % 12 === 0) return { ...head, highway: 'primary', speedKmh: 50, oneway: 'no' }
  if (number % 6 === 0) return { ...head, highway: 'secondary', speedKmh: 50, oneway: 'no' }
  if (number % 3 === 0) return { ...head, highway: 'tertiary', speedKmh: 40, oneway: 'no' }
  return { ...head, highway: 'residential', speedKmh: 30, oneway: Math.abs(number) % 3 === 1 ? 'yes' : '-1' }
}
