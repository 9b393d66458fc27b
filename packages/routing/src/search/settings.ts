import type { AnnealSettings } from './anneal.ts'
import type { Model } from './model.ts'

export interface SearchSettings extends AnnealSettings {
  readonly neighbours: number
  readonly blinkRate: number
  /** Part of the budget that the reduction of vehicles may use. */
  readonly fleetShare: number
}

/** Settings of the search. Chosen on instances outside the bench panel: X-n251-k28, X-n801-k40 and Solomon's R103. */
export function settingsFor(m: Model, vehiclesFirst: boolean): SearchSettings {
  return {
    averageRemoved: Number(process.env.AR ?? 10),
    longestString: 10,
    splitRate: 0.5,
    splitDepth: 0.01,
    blinkRate: 0.01,
    neighbours: Number(process.env.KN ?? (m.timed ? 40 : 30)),
    hot: Number(process.env.HOT ?? 0.5),
    cold: Number(process.env.COLD ?? 0.01),
    openRate: vehiclesFirst ? 0 : m.required.includes(0) || m.types.length > 1 ? Number(process.env.OR ?? 0.1) : 0,
    fleetShare: vehiclesFirst ? 0.3 : 0,
  }
}
