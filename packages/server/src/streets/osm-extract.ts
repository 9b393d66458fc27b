import type { Tags, WayElement } from '@cityloop/streets'

/** A relation's member. */
export interface OsmMember {
  readonly type: 'node' | 'way' | 'relation'
  readonly ref: number
  readonly role: string
}

/** A relation. */
export interface OsmRelation {
  readonly id: number
  readonly members: readonly OsmMember[]
  readonly tags: Tags
}

/** West, south, east, north in degrees. */
export type Bounds = readonly [number, number, number, number]

/** What an OpenStreetMap file holds: places of all nodes in degrees, and whatever has tags. */
export interface OsmExtract {
  readonly nodeIds: Float64Array
  readonly nodeLon: Float64Array
  readonly nodeLat: Float64Array
  readonly nodeTags: ReadonlyMap<number, Tags>
  readonly ways: readonly WayElement[]
  readonly relations: readonly OsmRelation[]
  /** The area the file says it was cut to; elements may reach beyond it. */
  readonly bounds?: Bounds
}

/** A file that is not what it should be; `offset` is the byte of the file (of the unpacked text, for packed XML) where that shows. */
export class DamagedExtract extends Error {
  readonly offset: number

  constructor(what: string, offset: number, options?: ErrorOptions) {
    super(`The extract is damaged at byte ${offset}: ${what}`, options)
    this.name = 'DamagedExtract'
    this.offset = offset
  }
}

/** Collects elements while a file is read. */
export interface ExtractBuilder {
  addNode(id: number, lon: number, lat: number, tags?: Tags): void
  addWay(way: WayElement): void
  addRelation(relation: OsmRelation): void
  /** Adds an area; several (an editor's downloads) make up the one around them. */
  addBounds(bounds: Bounds): void
  finish(): OsmExtract
}

/** Starts an empty extract. */
export function createExtractBuilder(): ExtractBuilder {
  let [ids, lons, lats] = [new Float64Array(1 << 14), new Float64Array(1 << 14), new Float64Array(1 << 14)]
  let count = 0
  const nodeTags = new Map<number, Tags>()
  const ways: WayElement[] = []
  const relations: OsmRelation[] = []
  let stated: Bounds | undefined
  return {
    addNode(id, lon, lat, tags) {
      if (count === ids.length) [ids, lons, lats] = [doubled(ids), doubled(lons), doubled(lats)]
      ids[count] = id
      lons[count] = lon
      lats[count] = lat
      count += 1
      if (tags !== undefined) nodeTags.set(id, tags)
    },
    addWay: (way) => void ways.push(way),
    addRelation: (relation) => void relations.push(relation),
    addBounds([west, south, east, north]) {
      const [left, bottom, right, top] = stated ?? [west, south, east, north]
      stated = [Math.min(left, west), Math.min(bottom, south), Math.max(right, east), Math.max(top, north)]
    },
    finish: () => ({
      nodeIds: ids.slice(0, count),
      nodeLon: lons.slice(0, count),
      nodeLat: lats.slice(0, count),
      nodeTags,
      ways,
      relations,
      ...(stated === undefined ? {} : { bounds: stated }),
    }),
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
