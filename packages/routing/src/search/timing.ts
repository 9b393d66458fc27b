/** Windows, services and ways in time, as the exact evaluator sees them. */
import type { Break } from '../problem.ts'
import { FAR, type Model, type VehicleType } from './model.ts'

/** Time that a visit takes; setup counts when the vehicle comes from another place. */
export function serviceOf(m: Model, type: VehicleType, node: number, beforeRow: number, row: number): number {
  if (node === FAR) return 0
  if (node < 0) return m.sites[-1 - node]!.service
  const setup = type.setup[node]!
  return type.service[node]! + (setup > 0 && m.placeOf[beforeRow] !== m.placeOf[row] ? setup : 0)
}

/** Earliest start of service at or after `now`; FAR when the last window is over. */
export function opening(m: Model, node: number, now: number): number {
  const windows = node >= 0 ? m.problem.stops[node]!.windows : m.problem.sites[-1 - node]!.windows
  if (windows.length === 0) return now
  for (const window of windows) if (now <= window[1] - m.base) return Math.max(now, window[0] - m.base)
  return FAR
}

/** End of the window in which a service that begins at `now` lies. */
export function closing(m: Model, node: number, now: number): number {
  const windows = node >= 0 ? m.problem.stops[node]!.windows : m.problem.sites[-1 - node]!.windows
  for (const window of windows) if (now <= window[1] - m.base) return window[1] - m.base
  return FAR
}

/** Earliest begin of a break at or after `now`; FAR when its last window is over. */
export function pauseOpening(m: Model, pause: Break, now: number): number {
  if (pause.windows.length === 0) return now
  for (const window of pause.windows) if (now <= window[1] - m.base) return Math.max(now, window[0] - m.base)
  return FAR
}

/** End of the window in which a break that begins at `now` lies. */
export function pauseCloses(m: Model, pause: Break, now: number): number {
  for (const window of pause.windows) if (now <= window[1] - m.base) return window[1] - m.base
  return FAR
}

/** Arrival at `to` after leaving `from` at `now`; with times of day the way is covered at each period's own speed (Ichoua et al. 2003), so it is FIFO. */
export function travelFrom(m: Model, type: VehicleType, from: number, to: number, now: number): number {
  const least = m.time[type.timeClass]![from * m.size + to]!
  const { vehicle } = type
  const { periods, durations } = m.problem.profiles[vehicle.profile]!
  if (periods === undefined) return Math.min(FAR, now + least)
  if (m.placeOf[from]! < 0 || m.placeOf[to]! < 0) return now
  if (least >= FAR) return FAR
  const cell = m.placeOf[from]! * m.problem.places + m.placeOf[to]!
  return Math.min(FAR, now + travelByPeriods(durations[cell]!, periods, cell, now + m.base, vehicle.speed))
}

/** Whole time units needed for a way that is begun at `clock`, given its duration in each period. */
function travelByPeriods(
  basic: number,
  periods: readonly { readonly from: number; readonly durations: Int32Array }[],
  cell: number,
  clock: number,
  speed: number,
): number {
  let index = -1
  while (index + 1 < periods.length && periods[index + 1]!.from <= clock) index++
  let left = 1
  let time = clock
  for (;;) {
    const needed = (index < 0 ? basic : periods[index]!.durations[cell]!) / speed
    if (needed === 0) return Math.round(time - clock)
    const border = index + 1 < periods.length ? periods[index + 1]!.from : Infinity
    if (time + left * needed <= border) return Math.ceil(time + left * needed - clock - 1e-9)
    left -= (border - time) / needed
    time = border
    index++
  }
}
