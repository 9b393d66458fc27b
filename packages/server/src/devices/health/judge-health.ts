import type { Instant } from '@cityloop/ngsi-ld'

/** How a device does: `unreachable` is one whose gateway is silent, so that it cannot be blamed. */
export type DeviceState = 'ok' | 'silent' | 'unreachable' | 'drifting'

/** What is known of when a device or a gateway was heard. */
export type Pulse = { readonly lastSeen: Instant; readonly intervalUs: number }

const second = 1_000_000
const missedIntervals = 3

/** The interval after one more message: what is learned is a slow mean, so that one late message changes little. Never below a second. */
export function learnInterval(known: number, gapUs: number): number {
  return gapUs <= 0 ? known : Math.max(second, Math.round(known + 0.1 * (Math.min(gapUs, 10 * known) - known)))
}

/** Whether a device has missed three messages, and at least a minute of them. */
export function isOverdue({ intervalUs, lastSeen }: Pulse, now: Instant): boolean {
  return now - lastSeen > Math.max(60 * second, missedIntervals * intervalUs)
}

/**
 * Whether a gateway is silent, from the devices behind it: none of at least two was heard for ten times the mean gap between any two messages, and at least
 * 30 seconds. It shows long before each device is overdue by itself, so that a dead gateway gives one alert.
 */
export function isGatewaySilent(pulses: readonly Pulse[], now: Instant): boolean {
  if (pulses.length < 2) return false
  const perSecond = pulses.reduce((sum, { intervalUs }) => sum + second / intervalUs, 0)
  const last = pulses.reduce((newest, { lastSeen }) => Math.max(newest, lastSeen), 0)
  return now - last > Math.max(30 * second, (10 / perSecond) * second)
}
