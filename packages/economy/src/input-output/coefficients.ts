import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { refuse } from '../refusal.ts'
import type { InputOutputTable } from './input-output-table.ts'

/** Input coefficients a_ij = z_ij / x_j (Miller and Blair 2009, 2.2), never rounded; a sector without output has a column of zeros. */
export function inputCoefficients(intermediate: readonly (readonly number[])[], output: readonly number[]): number[][] {
  return intermediate.map((row) => row.map((value, j) => (output[j] === 0 ? 0 : value / output[j]!)))
}

/** Allocation coefficients b_ij = z_ij / x_i (Ghosh 1958); row sums of (I − B)⁻¹ are forward linkages. */
export function allocationCoefficients(intermediate: readonly (readonly number[])[], output: readonly number[]): number[][] {
  return intermediate.map((row, i) => row.map((value) => (output[i] === 0 ? 0 : value / output[i]!)))
}

/** Values per unit of output; zero where there is no output. */
export function perOutput(values: readonly number[], output: readonly number[]): number[] {
  return values.map((value, j) => (output[j] === 0 ? 0 : value / output[j]!))
}

/**
 * Import shares of the competitive-import form: m_i = imports_i / (intermediate use_i + domestic final demand_i); `exports` names the final-demand
 * accounts that leave the area and buy no imports. A good that nobody uses has a share of zero.
 */
export function importShares(table: InputOutputTable, exports: readonly string[]): number[] {
  const { imports } = table
  if (imports === undefined) refuse('imports', `the table of ${table.area} has no imports`)
  for (const name of exports) {
    if (!table.finalDemand.some((account) => account.name === name)) refuse('exports', `the table of ${table.area} has no final demand ${name}`)
  }
  return table.sectors.map((sector, i) => {
    const domestic = table.finalDemand.filter((account) => !exports.includes(account.name)).map((account) => account.values[i]!)
    const absorbed = compensatedSum([...table.intermediate[i]!, ...domestic])
    const share = absorbed === 0 ? 0 : imports[i]! / absorbed
    if (share < 0 || share > 1) refuse('share', `the import share of ${sector} is ${share}, outside 0 to 1`, { row: sector, account: 'imports' })
    return share
  })
}

/** Regional coefficients D A with D = diag(1 − m_i). */
export function regionalCoefficients(coefficients: readonly (readonly number[])[], imported: readonly number[]): number[][] {
  return coefficients.map((row, i) => row.map((value) => (1 - imported[i]!) * value))
}
