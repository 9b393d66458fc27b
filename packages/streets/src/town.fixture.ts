import type { RestrictionElement, StreetElements, Tags } from './street-elements.ts'

/**
 * A town drawn with letters: junction names with their place in units of 0.001 degree at the equator (about 111 m), streets as words of junctions.
 * Ways are numbered from 1 in the order given.
 */
export function drawTown(
  places: Readonly<Record<string, readonly [number, number]>>,
  streets: readonly (readonly [string, Tags])[],
  restrictions: readonly RestrictionElement[] = [],
  nodeTags: Readonly<Record<string, Tags>> = {},
): StreetElements {
  const names = Object.keys(places)
  return {
    nodeIds: Float64Array.from(names, (name) => nodeId(name)),
    nodeLon: Float64Array.from(names, (name) => places[name]![0] / 1000),
    nodeLat: Float64Array.from(names, (name) => places[name]![1] / 1000),
    nodeTags: new Map(Object.entries(nodeTags).map(([name, tags]) => [nodeId(name), tags])),
    ways: streets.map(([word, tags], index) => ({
      id: index + 1,
      nodes: Array.from(word, nodeId),
      tags: tags.route === undefined ? { highway: 'residential', ...tags } : tags,
    })),
    restrictions,
  }
}

/** The node id of a one-letter junction. */
export function nodeId(name: string): number {
  return name.codePointAt(0)!
}
