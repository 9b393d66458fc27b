import type { Hierarchy } from './network.ts'

/** A hierarchy's links looked up from the other side; the same for every metric. */
export interface LinkIndex {
  /** Links whose high end is rank `x`, with their low ends ascending: from `start[x]` to before `start[x + 1]`. */
  readonly start: Uint32Array
  readonly link: Uint32Array
  readonly low: Uint32Array
  /** Arcs of link `l`: from `arcStart[l]` to before `arcStart[l + 1]`. */
  readonly arcStart: Uint32Array
  readonly arc: Uint32Array
}

/** Builds the index. Linear in links and arcs. */
export function indexLinks({ upStart, upHead, linkOf }: Hierarchy): LinkIndex {
  const count = upStart.length - 1
  const start = new Uint32Array(count + 1)
  for (const head of upHead) start[head + 1]! += 1
  for (let rank = 0; rank < count; rank++) start[rank + 1]! += start[rank]!
  const fill = start.slice()
  const [link, low] = [new Uint32Array(upHead.length), new Uint32Array(upHead.length)]
  for (let rank = 0; rank < count; rank++) {
    for (let each = upStart[rank]!; each < upStart[rank + 1]!; each++) {
      const place = fill[upHead[each]!]!++
      link[place] = each
      low[place] = rank
    }
  }
  const arcStart = new Uint32Array(upHead.length + 1)
  for (const place of linkOf) if (place >= 0) arcStart[(place >> 1) + 1]! += 1
  for (let each = 0; each < upHead.length; each++) arcStart[each + 1]! += arcStart[each]!
  const fillArcs = arcStart.slice()
  const arcs = new Uint32Array(arcStart.at(-1)!)
  for (let arc = 0; arc < linkOf.length; arc++) if (linkOf[arc]! >= 0) arcs[fillArcs[linkOf[arc]! >> 1]!++] = arc
  return { start, link, low, arcStart, arc: arcs }
}
