import type { Instant } from '@cityloop/ngsi-ld'
import type { DeviceKind } from './generate-city.ts'
import { noise } from './random.ts'

const dayUs = 86_400_000_000
const minuteUs = 60_000_000

/** What is wrong with a device, truly: it breaks every sixth message, gives more and more, keeps silent for hours, or always says the same. */
export type Fault = 'failing' | 'drifting' | 'silent' | 'lying'

/** The fault of a device, if it has one: about one in thirty does. */
export function faultOf(seed: number, number: number): Fault | undefined {
  const chance = noise(seed, number, 700)
  if (chance < 0.01) return 'silent'
  if (chance < 0.018) return 'failing'
  if (chance < 0.026) return 'drifting'
  return chance < 0.033 ? 'lying' : undefined
}

/** Whether a silent device keeps silent just then: from some hour of each second day for 20 hours. */
export function isSilent(seed: number, number: number, at: Instant): boolean {
  return (at + noise(seed, number, 701) * 2 * dayUs) % (2 * dayUs) < (20 / 24) * dayUs
}

/** How far a drifting device is off, as a share of what it should say: from 0 up to 0.8 in twenty days, when somebody calibrates it. */
export function driftOf(seed: number, number: number, at: Instant): number {
  return 0.8 * (((at + noise(seed, number, 702) * 20 * dayUs) % (20 * dayUs)) / (20 * dayUs))
}

/** Whether a gateway is off: for 25 minutes of every third day, each gateway at its own time. */
export function isGatewayDown(seed: number, kind: DeviceKind, gateway: number, at: Instant): boolean {
  const place = noise(seed, kind.length * 31 + kind.charCodeAt(0), gateway, 703)
  return (at + place * 3 * dayUs) % (3 * dayUs) < 25 * minuteUs
}
