import { findMainEdges } from './components.ts'
import type { Weights } from './customize.ts'
import { customize } from './customize.ts'
import type { Network } from './network.ts'
import type { Overrides, Profile } from './profile.ts'
import { arcCosts, edgeCosts } from './profile.ts'
import { updateWeights } from './update-weights.ts'

/** A network as one profile meets it, closures and changed speeds included: what all questions are asked of. */
export interface Metric {
  readonly network: Network
  readonly profile: Profile
  /** By directed edge, see cost.ts; Infinity where the profile may not drive. */
  readonly edgeCost: Float64Array
  readonly arcCost: Float64Array
  readonly weights: Weights
  /** By directed edge: 1 where it can be reached from, and leads back to, the largest connected part. */
  readonly isMain: Uint8Array
}

/**
 * Prepares a metric; a new closure or speed is simply a new metric of the same network. Takes some hundred milliseconds for a large city (see
 * docs/streets.md) and no preparation of the network is repeated.
 */
export function createMetric(network: Network, profile: Profile, overrides?: Overrides): Metric {
  const edgeCost = edgeCosts(network, profile, overrides)
  const arcCost = arcCosts(network, profile, edgeCost)
  return { network, profile, edgeCost, arcCost, weights: customize(network.hierarchy, arcCost), isMain: findMainEdges(network, arcCost) }
}

/**
 * The metric with other overrides, given one of the same profile: closing a street, opening it, changing its speed. Works out only what depends on
 * the changed edges; the result is that of `createMetric`.
 */
export function withOverrides(metric: Metric, overrides: Overrides): Metric {
  const { network, profile } = metric
  const edgeCost = edgeCosts(network, profile, overrides)
  const arcCost = arcCosts(network, profile, edgeCost)
  const weights = updateWeights(network.hierarchy, metric.weights, metric.arcCost, arcCost)
  return { network, profile, edgeCost, arcCost, weights, isMain: findMainEdges(network, arcCost) }
}
