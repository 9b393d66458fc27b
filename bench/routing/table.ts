import type { Cell, PanelSet } from '../routing.ts'

const solvers = ['ours', 'pyvrp', 'hygese', 'ortools', 'vroom']

/** A table of sets and limits: our mean gap to best known, gate and goal, and the others' mean gaps; with the number of cells behind each figure. */
export function printTable(panel: readonly PanelSet[], cells: readonly Cell[]): string {
  const rows = [['set', 'limit', 'gate', 'goal', ...solvers]]
  for (const set of panel) {
    for (const limit of set.limits) {
      const here = cells.filter((cell) => cell.set === set.name && cell.limit === limit)
      const percent = (value: number | undefined): string => (value === undefined ? '' : `${value} %`)
      rows.push([
        set.title,
        `${limit} s`,
        percent(set.gate[limit]),
        percent(set.goal[limit]),
        ...solvers.map((solver) => summary(here.filter((cell) => cell.solver === solver))),
      ])
    }
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`)
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  return [...lines, '', ...pairedDifferences(panel, cells)].join('\n')
}

/** Gap of a cell in percent; undefined when nothing is best known or stops are missing. */
export function gapOf(cell: Cell): number | undefined {
  if (cell.best === undefined || cell.missing > 0 || cell.violations > 0) return undefined
  return (100 * (cell.cost - cell.best.cost)) / cell.best.cost
}

function summary(cells: readonly Cell[]): string {
  if (cells.length === 0) return ''
  const sameFleet = cells.filter((cell) => cell.best?.vehicles === undefined || cell.vehicles <= cell.best.vehicles)
  const gaps = sameFleet.flatMap((cell) => gapOf(cell) ?? [])
  const mean = gaps.length === 0 ? '-' : `${(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toFixed(2)} %`
  const more = cells.length - sameFleet.length
  const counted = cells[0]!.best?.vehicles === undefined ? '' : `, more vehicles on ${more}`
  return `${mean} (${cells.length}${counted})`
}

/** Mean paired difference to PyVRP by set and limit, with its 95 % interval from a t distribution over instances and seeds. */
function pairedDifferences(panel: readonly PanelSet[], cells: readonly Cell[]): string[] {
  const lines: string[] = []
  for (const set of panel) {
    for (const limit of set.limits) {
      const here = cells.filter((cell) => cell.set === set.name && cell.limit === limit)
      const differences = here.flatMap((cell) => {
        if (cell.solver !== 'ours') return []
        const other = here.find((one) => one.solver === 'pyvrp' && one.instance === cell.instance && one.seed === cell.seed)
        const ours = gapOf(cell)
        const theirs = other === undefined ? undefined : gapOf(other)
        return ours === undefined || theirs === undefined ? [] : [ours - theirs]
      })
      if (differences.length < 3) continue
      const { mean, half } = meanWithInterval(differences)
      lines.push(
        `ours less PyVRP, ${set.title}, ${limit} s: ${mean.toFixed(2)} points (${(mean - half).toFixed(2)} to ${(mean + half).toFixed(2)}; ${differences.length} pairs)`,
      )
    }
  }
  return lines
}

/** The mean of paired differences with its 95 % interval from a t distribution; needs two or more. */
export function meanWithInterval(differences: readonly number[]): { readonly mean: number; readonly half: number } {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const spread = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1))
  return { mean, half: (tQuantile(differences.length - 1) * spread) / Math.sqrt(differences.length) }
}

/** 97.5 % quantile of Student's t, within half a percent of the tables (expansion of Fisher and Cornish). */
function tQuantile(freedom: number): number {
  const z = 1.959964
  const g1 = (z ** 3 + z) / 4
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  return z + g1 / freedom + g2 / freedom ** 2
}
