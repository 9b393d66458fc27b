import type { AnnealSettings } from './anneal.ts'
import type { Model } from './model.ts'

export interface SearchSettings extends AnnealSettings {
  readonly neighbours: number
  readonly blinkRate: number
  /** Part of the budget that the reduction of vehicles may use. */
  readonly fleetShare: number
}

/** Settings of the search; `docs/routing.md` says on which instances, all outside the bench panel, they were chosen. */
export function settingsFor(m: Model, vehiclesFirst: boolean): SearchSettings {
  const optional = m.required.includes(0)
  // With the fewest vehicles there is little slack, and better plans lie behind much worse ones.
  const tight = vehiclesFirst && m.timed && !m.hasPairs
  const varied = optional || m.types.length > 1
  return {
    averageRemoved: 10,
    longestString: 10,
    splitRate: 0.5,
    splitDepth: 0.01,
    openRate: vehiclesFirst || !varied ? 0 : 0.1,
    blinkRate: 0.01,
    neighbours: tight ? 60 : m.timed ? 40 : 30,
    hot: tight ? 8 : m.timed && !optional ? 1 : 0.5,
    cold: tight ? 0.1 : m.timed ? 0.03 : 0.01,
    fleetShare: vehiclesFirst ? 0.3 : 0,
  }
}
