import { addTime, costOf } from './cost.ts'
import { banned } from './network.ts'
import type { Network } from './network.ts'

/** Who drives. A truck keeps to limits on weight, height and width, to lorry bans and lorry speeds. */
export type Profile = CarProfile | TruckProfile

/** A car. */
export interface CarProfile {
  readonly kind: 'car'
  /** Time charged for turning back into the street one comes from, at dead ends too, in networks built with `uTurns`; default 20. */
  readonly uTurnS?: number
}

/** A truck; a measure left out meets every limit. */
export interface TruckProfile {
  readonly kind: 'truck'
  readonly weightKg?: number
  readonly heightM?: number
  readonly widthM?: number
  /** As for a car; default 60. */
  readonly uTurnS?: number
}

/** Speeds by directed edge in km/h that hold instead of the network's; 0 closes the edge. Access and size limits stay in force. */
export type Overrides = ReadonlyMap<number, number>

/** Cost of each directed edge (see cost.ts); Infinity where the profile may not drive. */
export function edgeCosts(network: Network, profile: Profile, overrides: Overrides = new Map()): Float64Array {
  const { lengthDm, carSpeed, truckSpeed, maxWeightKg, maxHeightCm, maxWidthCm } = network.streets
  const costs = new Float64Array(carSpeed.length).fill(Infinity)
  const speeds = profile.kind === 'car' ? carSpeed : truckSpeed
  const [weightKg, heightCm, widthCm] =
    profile.kind === 'car' ? [0, 0, 0] : [profile.weightKg ?? 0, (profile.heightM ?? 0) * 100, (profile.widthM ?? 0) * 100]
  const exceeds = (value: number, limit: number): boolean => limit !== 0 && value > limit
  for (let edge = 0; edge < costs.length; edge++) {
    if (speeds[edge] === 0) continue
    const segment = edge >> 1
    if (exceeds(weightKg, maxWeightKg[segment]!) || exceeds(heightCm, maxHeightCm[segment]!) || exceeds(widthCm, maxWidthCm[segment]!)) continue
    const kmh = overrides.get(edge) ?? speeds[edge]! / 10
    if (kmh > 0) costs[edge] = costOf(lengthDm[segment]!, kmh)
  }
  return costs
}

/** Cost of each arc: that of its edge and of the turn onto it; Infinity where the turn is forbidden to the profile. */
export function arcCosts(network: Network, profile: Profile, costs: Float64Array): Float64Array {
  const { edgeArcStart, arcBans } = network.turns
  const result = new Float64Array(arcBans.length)
  const bit = banned[profile.kind]
  const uTurnS = profile.uTurnS ?? (profile.kind === 'car' ? 20 : 60)
  for (let edge = 0; edge < costs.length; edge++) {
    for (let arc = edgeArcStart[edge]!; arc < edgeArcStart[edge + 1]!; arc++) {
      const bans = arcBans[arc]!
      if (bans & bit) result[arc] = Infinity
      else result[arc] = bans & banned.uTurn ? addTime(costs[edge]!, uTurnS) : costs[edge]!
    }
  }
  return result
}
