import { refuse } from '../refusal.ts'
import type { XmlNode } from './xml-tree.ts'
import { childOf } from './xml-tree.ts'

/** A curve given by points (XMILE 1.0, 3.1.4). Between points it is straight; `discrete` holds the left point's value. */
export interface GraphicalFunction {
  readonly kind: 'continuous' | 'extrapolate' | 'discrete'
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

/** Reads a `<gf>` element. Throws a `Refusal` that names `owner`. */
export function readGraphicalFunction(node: XmlNode, owner: string): GraphicalFunction {
  const ys = numberList(childOf(node, 'ypts'), owner)
  if (ys === undefined || ys.length === 0) return refuse('xmile', `The graphical function of ${owner} has no ypts`)
  const xs = numberList(childOf(node, 'xpts'), owner) ?? spread(childOf(node, 'xscale'), ys.length, owner)
  if (xs.length !== ys.length) refuse('xmile', `The graphical function of ${owner} has ${xs.length} xpts and ${ys.length} ypts`)
  if (xs.some((x, i) => i > 0 && !(x >= xs[i - 1]!))) refuse('xmile', `The xpts of the graphical function of ${owner} do not rise`)
  const kind = node.attributes['type'] ?? (node.attributes['discrete'] === 'true' ? 'discrete' : 'continuous')
  if (kind !== 'continuous' && kind !== 'extrapolate' && kind !== 'discrete') {
    return refuse('xmile', `The graphical function of ${owner} has the unknown type ${kind}`)
  }
  return { kind, xs, ys }
}

/** The curve's value; outside the points it stays at the end or, if it extrapolates, goes straight on. */
export function lookUp({ kind, xs, ys }: GraphicalFunction, x: number): number {
  const last = xs.length - 1
  if (last === 0 || Number.isNaN(x)) return Number.isNaN(x) ? x : ys[0]!
  if (x <= xs[0]! && !(kind === 'extrapolate' && x < xs[0]!)) return ys[0]!
  if (x >= xs[last]! && !(kind === 'extrapolate' && x > xs[last]!)) return ys[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle]! <= x) low = middle
    else high = middle
  }
  if (kind === 'discrete') return ys[low]!
  const width = xs[high]! - xs[low]!
  return width === 0 ? ys[high]! : ys[low]! + ((ys[high]! - ys[low]!) * (x - xs[low]!)) / width
}

function numberList(node: XmlNode | undefined, owner: string): number[] | undefined {
  if (node === undefined) return undefined
  const separator = node.attributes['sep'] ?? ','
  const parts = node.text.split(separator === '' ? ',' : separator)
  if (parts.length > 100_000) refuse('xmile', `The graphical function of ${owner} has more than 100000 points`)
  return parts.map((part) => {
    const value = Number(part.trim())
    if (part.trim() === '' || !Number.isFinite(value)) refuse('xmile', `The graphical function of ${owner} has the point "${part.trim()}"`)
    return value
  })
}

function spread(node: XmlNode | undefined, count: number, owner: string): number[] {
  const low = Number(node?.attributes['min'] ?? '')
  const high = Number(node?.attributes['max'] ?? '')
  if (node === undefined || !Number.isFinite(low) || !Number.isFinite(high) || !(high > low)) {
    refuse('xmile', `The graphical function of ${owner} has neither xpts nor an xscale that rises`)
  }
  return Array.from({ length: count }, (_, i) => (count === 1 ? low : low + ((high - low) * i) / (count - 1)))
}
