import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { refuse } from '../refusal.ts'

/** Jobs (or another size) by sector in an area and in the nation that holds it. */
export interface SectorSizes {
  readonly area: readonly number[]
  readonly nation: readonly number[]
}

/** Exponent of Flegg's quotient in use when none is asked for, and the band that is always shown beside it (Flegg and Tohmo 2013). */
export const usualDelta = 0.3
export const deltaBand: readonly [number, number] = [0.1, 0.4]

/** Simple location quotients (e_i / e) / (E_i / E); a sector the nation does not have counts as evenly spread (one). */
export function simpleQuotients(sizes: SectorSizes): number[] {
  const { area, nation } = checked(sizes)
  const shareOfArea = compensatedSum(area)
  const shareOfNation = compensatedSum(nation)
  return area.map((size, i) => (nation[i] === 0 ? 1 : size / shareOfArea / (nation[i]! / shareOfNation)))
}

/** Cross-industry quotients CILQ_ij = SLQ_i / SLQ_j with the simple quotient on the diagonal; a buyer the area lacks gets one. */
export function crossQuotients(sizes: SectorSizes): number[][] {
  const simple = simpleQuotients(sizes)
  return simple.map((seller, i) => simple.map((buyer, j) => (i === j ? seller : buyer === 0 ? 1 : seller / buyer)))
}

/** Flegg's quotients CILQ · λ, λ = [log2(1 + e/E)]^δ (Flegg and Webber 1997); δ = 0 gives CILQ, an area that is the nation has λ = 1. */
export function fleggQuotients(sizes: SectorSizes, delta: number): number[][] {
  if (!(delta >= 0 && delta <= 1)) refuse('delta', `delta is ${delta}, outside 0 to 1`)
  const lambda = Math.log2(1 + compensatedSum(sizes.area) / compensatedSum(sizes.nation)) ** delta
  return crossQuotients(sizes).map((row) => row.map((quotient) => quotient * lambda))
}

/** Regional coefficients a_ij · min(1, quotient_ij). */
export function regionalised(coefficients: readonly (readonly number[])[], quotients: readonly (readonly number[])[]): number[][] {
  return coefficients.map((row, i) => row.map((value, j) => value * Math.min(1, quotients[i]![j]!)))
}

/** Regional coefficients by simple quotients, which overstate multipliers; offered for comparison. */
export function regionalisedSimply(coefficients: readonly (readonly number[])[], sizes: SectorSizes): number[][] {
  const simple = simpleQuotients(sizes)
  return coefficients.map((row, i) => row.map((value) => value * Math.min(1, simple[i]!)))
}

function checked(sizes: SectorSizes): SectorSizes {
  if (sizes.area.length !== sizes.nation.length) {
    refuse('shape', `the area has ${sizes.area.length} sectors and the nation ${sizes.nation.length}`)
  }
  for (const [i, size] of sizes.area.entries()) {
    if (!(size >= 0)) refuse('size', `sector ${i + 1} of the area has size ${size}`)
    if (!(sizes.nation[i]! >= 0)) refuse('size', `sector ${i + 1} of the nation has size ${sizes.nation[i]}`)
    if (size > sizes.nation[i]!) refuse('size', `sector ${i + 1} is larger in the area (${size}) than in the nation (${sizes.nation[i]})`)
  }
  if (!(compensatedSum(sizes.area) > 0)) refuse('size', 'the area has no jobs in any sector')
  return sizes
}
