/** A point on the network: the directed edges one may start or end on there, and how far along each. */
export interface Place {
  readonly lon: number
  readonly lat: number
  readonly options: readonly PlaceOption[]
}

/** A directed edge with the share of it (0 at its tail, 1 at its head) that lies before the place. */
export interface PlaceOption {
  readonly edge: number
  readonly share: number
}
