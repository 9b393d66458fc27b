/** Tags of one element, as in OpenStreetMap: key to value. */
export type Tags = Readonly<Record<string, string>>

/** A way: its node ids in drawing order. */
export interface WayElement {
  readonly id: number
  readonly nodes: readonly number[]
  readonly tags: Tags
}

/** A turn restriction: the relation's members by role, ids of ways except `viaNode`. */
export interface RestrictionElement {
  readonly id: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Exactly one of `viaNode` and a non-empty `viaWays` is given. */
  readonly viaNode?: number
  readonly viaWays?: readonly number[]
  readonly tags: Tags
}

/** What a network is built from: OpenStreetMap's elements, or anything put into their shape. */
export interface StreetElements {
  /** Node ids with their place in degrees (WGS 84); the three columns run in parallel, in any order. */
  readonly nodeIds: Float64Array
  readonly nodeLon: Float64Array
  readonly nodeLat: Float64Array
  /** Tags of those nodes that have any (barriers matter). */
  readonly nodeTags: ReadonlyMap<number, Tags>
  readonly ways: readonly WayElement[]
  readonly restrictions: readonly RestrictionElement[]
}
