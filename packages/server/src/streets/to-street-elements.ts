import type { RestrictionElement, StreetElements } from '@cityloop/streets'
import type { OsmExtract, OsmRelation } from './osm-extract.ts'

/** The part of an extract that streets are made of. */
export function toStreetElements(extract: OsmExtract): StreetElements {
  return {
    nodeIds: extract.nodeIds,
    nodeLon: extract.nodeLon,
    nodeLat: extract.nodeLat,
    nodeTags: extract.nodeTags,
    ways: extract.ways.filter((way) => way.tags.highway !== undefined || way.tags.route === 'ferry'),
    restrictions: extract.relations.map(toRestriction).filter((restriction) => restriction !== undefined),
  }
}

function toRestriction({ id, members, tags }: OsmRelation): RestrictionElement | undefined {
  if (tags.type !== 'restriction' && !tags.type?.startsWith('restriction:')) return undefined
  const ways = (role: string): number[] => members.filter((member) => member.type === 'way' && member.role === role).map((member) => member.ref)
  const [from, to, viaWays] = [ways('from'), ways('to'), ways('via')]
  const viaNode = members.find((member) => member.type === 'node' && member.role === 'via')?.ref
  if (from.length === 0 || to.length === 0 || (viaNode === undefined && viaWays.length === 0)) return undefined
  return { id, from, to, ...(viaNode === undefined ? { viaWays } : { viaNode }), tags }
}
