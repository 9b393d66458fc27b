import type { Instant } from '@cityloop/ngsi-ld'

/** What time it is; tests bring one that they set. */
export type Clock = { now(): Instant }

/** The wall clock of the machine, to the millisecond. */
export const wallClock: Clock = { now: () => Date.now() * 1000 }
