import { placementOf } from '../../layer/layer-rows.ts'
import type { Row } from '../../layer/layer-rows.ts'

/** The box of what can be drawn, without the outermost hundredth on each side where there are many: one stray point must not hide a city. */
export function extentOf(rows: Iterable<Row>): readonly [number, number, number, number] | null {
  const placed = [...rows].filter((row) => placementOf(row) === 'placed')
  if (placed.length === 0) return null
  const lons = Float64Array.from(placed, (row) => row.lon!).toSorted()
  const lats = Float64Array.from(placed, (row) => row.lat!).toSorted()
  const cut = placed.length < 50 ? 0 : Math.floor(placed.length / 100)
  const last = placed.length - 1 - cut
  return [lons[cut]!, lats[cut]!, lons[last]!, lats[last]!]
}
