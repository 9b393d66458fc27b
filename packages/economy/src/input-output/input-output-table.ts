import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { type Finding, refuse, Refusal } from '../refusal.ts'

/** A named row or column of a table, one value per sector. */
export interface Account {
  readonly name: string
  readonly values: readonly number[]
}

/**
 * A symmetric input-output table of one area and year.
 * - `regional`: intermediate and final cells are goods of the area; what is bought elsewhere stands in `primaryInputs` (Eurostat's domestic tables, ALTA).
 * - `competitiveImport`: cells hold goods from anywhere, and `imports` (positive) says how much of each came from elsewhere (Japanese tables).
 * - `unspecified`: cells hold goods from anywhere and no imports are known; the table must be regionalised before its multipliers mean anything.
 */
export interface InputOutputTable {
  readonly area: string
  readonly year: number
  readonly unit: string
  readonly source: string
  readonly form: 'regional' | 'competitiveImport' | 'unspecified'
  readonly sectors: readonly string[]
  /** Rows sell, columns buy. */
  readonly intermediate: readonly (readonly number[])[]
  readonly finalDemand: readonly Account[]
  readonly imports?: readonly number[]
  /** Rows below the intermediate block that complete the columns: imported inputs, taxes, wages, surplus. */
  readonly primaryInputs: readonly Account[]
  readonly output: readonly number[]
  /** Jobs in persons by sector, where known. */
  readonly jobs?: readonly number[]
}

/** How far a published, rounded table may be off in a row or column, in its own unit. */
export interface TableTolerance {
  readonly absolute: number
}

/** Every row and column that does not add up, and every cell that is no number; an empty answer means that the table balances. */
export function tableFindings(table: InputOutputTable, tolerance: TableTolerance): Finding[] {
  const shape = shapeFindings(table)
  if (shape.length > 0) return shape
  return [...balanceFindings(table, tolerance), ...signFindings(table)]
}

/** Throws a `Refusal` that names account, row, column and difference unless the table balances. */
export function requireBalanced(table: InputOutputTable, tolerance: TableTolerance): void {
  const findings = tableFindings(table, tolerance)
  if (findings.length > 0) throw new Refusal(findings)
}

/** The account of that name; throws when the table has none. */
export function primaryInput(table: InputOutputTable, name: string): readonly number[] {
  const account = table.primaryInputs.find((row) => row.name === name)
  if (account === undefined) refuse('primary input', `the table of ${table.area} has no primary input ${name}`)
  return account.values
}

function shapeFindings(table: InputOutputTable): Finding[] {
  const order = table.sectors.length
  const findings: Finding[] = []
  const check = (account: string, values: readonly number[] | undefined): void => {
    if (values === undefined || values.length !== order) {
      findings.push({ rule: 'shape', account, message: `${account} has ${values?.length ?? 0} values for ${order} sectors` })
      return
    }
    for (const [i, value] of values.entries()) {
      const row = table.sectors[i]
      if (!Number.isFinite(value)) findings.push({ rule: 'number', account, row, message: `${account}, ${row}: ${value} is no finite number` })
    }
  }
  if (order === 0) findings.push({ rule: 'shape', message: 'the table has no sectors' })
  if (table.intermediate.length !== order) {
    findings.push({ rule: 'shape', message: `the intermediate block has ${table.intermediate.length} rows for ${order} sectors` })
  }
  for (const [i, row] of table.intermediate.entries()) check(`intermediate row ${table.sectors[i] ?? i + 1}`, row)
  for (const account of [...table.finalDemand, ...table.primaryInputs]) check(account.name, account.values)
  check('output', table.output)
  if (table.imports !== undefined) check('imports', table.imports)
  if (table.jobs !== undefined) check('jobs', table.jobs)
  if (table.form === 'competitiveImport' && table.imports === undefined) {
    findings.push({ rule: 'imports', account: 'imports', message: 'a table of the competitive-import form needs its imports' })
  }
  return findings
}

function balanceFindings(table: InputOutputTable, tolerance: TableTolerance): Finding[] {
  const findings: Finding[] = []
  for (const [i, sector] of table.sectors.entries()) {
    if (table.finalDemand.length > 0) {
      const uses = compensatedSum([...table.intermediate[i]!, ...table.finalDemand.map((account) => account.values[i]!), -(table.imports?.[i] ?? 0)])
      const difference = uses - table.output[i]!
      if (Math.abs(difference) > tolerance.absolute) findings.push(rowFinding(sector, uses, table.output[i]!, difference))
    }
    if (table.primaryInputs.length > 0) {
      const inputs = compensatedSum([...table.intermediate.map((row) => row[i]!), ...table.primaryInputs.map((account) => account.values[i]!)])
      const difference = inputs - table.output[i]!
      if (Math.abs(difference) > tolerance.absolute) findings.push(columnFinding(sector, inputs, table.output[i]!, difference))
    }
  }
  return findings
}

function rowFinding(row: string, uses: number, output: number, difference: number): Finding {
  return {
    rule: 'row balance',
    account: 'output',
    row,
    column: 'total use',
    difference,
    message: `row ${row}: uses are ${uses}, output is ${output}`,
  }
}

function columnFinding(column: string, inputs: number, output: number, difference: number): Finding {
  const message = `column ${column}: inputs are ${inputs}, output is ${output}`
  return { rule: 'column balance', account: 'output', row: 'total input', column, difference, message }
}

function signFindings(table: InputOutputTable): Finding[] {
  const findings: Finding[] = []
  for (const [i, row] of table.sectors.entries()) {
    for (const [j, value] of table.intermediate[i]!.entries()) {
      const column = table.sectors[j]
      if (value < 0)
        findings.push({ rule: 'sign', account: 'intermediate', row, column, message: `row ${row}, column ${column}: ${value} is negative` })
    }
    if (table.output[i]! < 0) findings.push({ rule: 'sign', account: 'output', row, message: `row ${row}: output ${table.output[i]} is negative` })
    if ((table.jobs?.[i] ?? 0) < 0) findings.push({ rule: 'sign', account: 'jobs', row, message: `row ${row}: jobs ${table.jobs?.[i]} are negative` })
  }
  return findings
}
