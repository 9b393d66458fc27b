import { cutWays } from './cut-ways.ts'
import { buildHierarchy } from './hierarchy.ts'
import type { Network } from './network.ts'
import type { IgnoredRestrictions } from './restrictions.ts'
import { resolveRestrictions } from './restrictions.ts'
import { indexPieces } from './snap.ts'
import type { StreetElements } from './street-elements.ts'
import { buildTurns } from './turn-states.ts'

/** How to build a network. */
export interface BuildOptions {
  /** Whom the elements come from, kept with the network. */
  readonly attribution: string
  /**
   * Whether U-turns are told apart, so that profiles charge for them. Default true; without, preparing a metric and asking are faster and turning
   * back is free.
   */
  readonly uTurns?: boolean
}

/** A network, and the restrictions that did not make it into it. */
export interface BuiltNetwork {
  readonly network: Network
  readonly ignored: IgnoredRestrictions
}

/** Builds a network: cuts ways, resolves restrictions, orders and joins. The order takes nearly all of the time. */
export function buildNetwork(elements: StreetElements, options: BuildOptions): BuiltNetwork {
  const { streets, junctionOf } = cutWays(elements)
  const { runs, ignored } = resolveRestrictions(streets, junctionOf, elements.restrictions)
  const turns = buildTurns(streets, runs, options.uTurns ?? true)
  const network: Network = {
    attribution: options.attribution,
    streets,
    turns,
    hierarchy: buildHierarchy(streets, turns),
    pieceIndex: indexPieces(streets),
  }
  return { network, ignored }
}
