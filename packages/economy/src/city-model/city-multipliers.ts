import { columnSums, leontiefInverse } from '../input-output/multipliers.ts'
import { dot } from '../linear-algebra/compensated-sum.ts'
import { identityMinus, invert } from '../linear-algebra/lu.ts'
import type { CityParameters } from './city-parameters.ts'
import { incomeRow, localPurchases, surplusShares } from './inner-circle.ts'

/** Multipliers of the city's inner circle; output per unit of final demand for goods of the city. */
export interface CityMultipliers {
  readonly typeI: number[][]
  /** Households closed, residents take the new jobs: an upper bound. */
  readonly typeIISlack: number[][]
  /** Households closed, new jobs go to in-commuters. */
  readonly typeIITight: number[][]
  readonly outputTypeI: number[]
  readonly outputTypeIISlack: number[]
  readonly outputTypeIITight: number[]
  readonly incomeTypeI: number[]
  readonly jobsTypeI: number[]
  readonly incomeTypeII: number[]
  readonly jobsTypeII: number[]
}

/** Type I and Type II multipliers of the base year in both labour regimes. */
export function cityMultipliers(p: CityParameters): CityMultipliers {
  const supply = p.localSupplyShare
  const local = p.inputCoefficients.map((row, i) => row.map((value) => supply[i]! * value))
  const surplus = surplusShares(p)
  const purchases = localPurchases(p, supply)
  const closed = (incomes: ArrayLike<number>): number[][] =>
    invert(identityMinus(local.map((row, i) => row.map((value, j) => value + purchases[i]! * incomes[j]!))))
  const typeI = leontiefInverse(local)
  const typeIISlack = closed(incomeRow(p, surplus, p.inCommuterShare))
  const typeIITight = closed(incomeRow(p, surplus, undefined))
  const totals = (direct: readonly number[], inverse: number[][]): number[] =>
    direct.map((_, j) =>
      dot(
        direct,
        inverse.map((row) => row[j]!),
      ),
    )
  return {
    typeI,
    typeIISlack,
    typeIITight,
    outputTypeI: columnSums(typeI),
    outputTypeIISlack: columnSums(typeIISlack),
    outputTypeIITight: columnSums(typeIITight),
    incomeTypeI: totals(p.compensationShare, typeI),
    jobsTypeI: totals(p.jobsPerOutput, typeI),
    incomeTypeII: totals(p.compensationShare, typeIISlack),
    jobsTypeII: totals(p.jobsPerOutput, typeIISlack),
  }
}
