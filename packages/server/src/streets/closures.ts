import { badRequest } from '@cityloop/ngsi-ld'
import type { Network, Overrides, Snapper } from '@cityloop/streets'
import { edgesOfWay } from '@cityloop/streets'

/** A closed or slowed street: the whole of a way, or the street nearest to a point. */
export interface StreetClosure {
  readonly street: { readonly wayId: number } | { readonly point: readonly [number, number] }
  /** As the way is drawn, against it, or both; default both. */
  readonly direction?: 'both' | 'forward' | 'backward'
  /** 0 closes the street, which is the default. */
  readonly speedKmh?: number
}

/** Farther from a point no street is meant. */
const nearestM = 50

/**
 * The edges that closures change, with their speeds; where several name one edge, the slowest holds. A point means the piece of street between two
 * junctions. Throws `BadRequestData` naming the closure whose street is not there.
 */
export function toOverrides(network: Network, snapper: Snapper, closures: readonly StreetClosure[]): Overrides {
  const overrides = new Map<number, number>()
  for (const [index, { street, direction = 'both', speedKmh = 0 }] of closures.entries()) {
    let edges: readonly number[]
    if ('wayId' in street) {
      edges = edgesOfWay(network.streets, street.wayId)
      if (edges.length === 0) throw badRequest(`Closure ${index}: way ${street.wayId} is no street of the network`)
    } else {
      const segment = snapper.nearestSegment(street.point[0], street.point[1], nearestM)
      if (segment === undefined) throw badRequest(`Closure ${index}: no street lies within ${nearestM} m of ${street.point.join(', ')}`)
      edges = [segment * 2, segment * 2 + 1]
    }
    for (const edge of edges) {
      if (direction !== 'both' && (direction === 'forward') !== ((edge & 1) === 0)) continue
      overrides.set(edge, Math.min(speedKmh, overrides.get(edge) ?? Infinity))
    }
  }
  return overrides
}
