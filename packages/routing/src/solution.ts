/** Why a stop is not in any route. */
export interface Unassigned {
  readonly stop: number
  readonly reason: Reason
  /** One sentence that names the stop and what stands in its way. */
  readonly detail: string
}

/** `fleet` says that no room is left beside the stops that were planned; `prize` that the detour costs more than leaving it out. */
export type Reason = 'unreachable' | 'skills' | 'capacity' | 'window' | 'limits' | 'kind' | 'group' | 'prize' | 'partner' | 'fleet'

/** One element of a route, with the times and the load the plan intends. */
export interface Step {
  readonly kind: 'start' | 'stop' | 'site' | 'break' | 'end'
  /** Index into the problem's stops or sites, or into the vehicle's breaks; undefined for start and end. */
  readonly index?: number
  /** Undefined at the open end of a route, and for a break. */
  readonly place?: number
  readonly arrival: number
  /** Start of service. */
  readonly start: number
  readonly departure: number
  /** On board when the step is left, one figure a load dimension. */
  readonly load: readonly number[]
}

/** The work of one vehicle. */
export interface Route {
  /** Index into the problem's vehicles. */
  readonly vehicle: number
  /** Which of the `count` equal vehicles, from 0. */
  readonly copy: number
  readonly steps: readonly Step[]
  readonly cost: number
  readonly distance: number
  readonly travel: number
}

/** A plan. `cost` is the sum over routes, prizes of optional stops left out, and balance; required stops left out are not in it. */
export interface Solution {
  readonly cost: number
  readonly routes: readonly Route[]
  readonly unassigned: readonly Unassigned[]
}
