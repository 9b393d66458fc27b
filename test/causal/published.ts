// The published series of two well-known checks, run through our designs. The series stay outside the repository:
//   node test/causal/published.ts SICILY.csv PROP99.csv
// SICILY.csv is sicily.csv of gasparrini/2017_lopezbernal_IJE_codedata, PROP99.csv is data/california_prop99.csv of synth-inference/synthdid.
import { readFile } from 'node:fs/promises'
import type { CheckData, CheckPlan } from '../../packages/economy/src/causal/check-plan.ts'
import { fitQuasiPoisson } from '../../packages/economy/src/causal/quasi-poisson.ts'
import { harmonics } from '../../packages/economy/src/causal/regressors.ts'
import { runCheck } from '../../packages/economy/src/causal/run-check.ts'
import { fitSynthetic } from '../../packages/economy/src/causal/synthetic-control.ts'

const [sicilyFile, prop99File] = process.argv.slice(2)
if (sicilyFile === undefined || prop99File === undefined) {
  console.error('Two files are needed: node test/causal/published.ts SICILY.csv PROP99.csv')
  process.exitCode = 2
} else {
  await sicily(sicilyFile)
  await proposition99(prop99File)
}

async function sicily(file: string): Promise<void> {
  const table = await readTable(file, ',')
  const column = (name: string): Float64Array => Float64Array.from(table, (row) => Number(row[name]))
  const times = Int32Array.from(column('time'))
  const one = new Float64Array(times.length).fill(1)
  const trend = Float64Array.from(times)
  const ban = column('smokban')
  const counts = column('aces')
  const exposure = column('stdpop')
  const season = harmonics(times, { period: 12, harmonics: 2 })
  console.log(`Sicily smoking ban, ${times.length} months`)
  const plain = fitQuasiPoisson([ban, one, trend], counts, exposure)
  const interval = (estimate: number, error: number): string =>
    `${Math.exp(estimate).toFixed(4)} (${Math.exp(estimate - 1.959964 * error).toFixed(4)} to ${Math.exp(estimate + 1.959964 * error).toFixed(4)})`
  console.log(
    `  Poisson RR ${interval(plain.coefficients[0]!, plain.standardErrors[0]! / Math.sqrt(plain.dispersion))}, dispersion ${plain.dispersion.toFixed(3)}`,
  )
  console.log(`  quasi-Poisson RR ${interval(plain.coefficients[0]!, plain.standardErrors[0]!)}`)
  const seasonal = fitQuasiPoisson([ban, one, trend, ...season], counts, exposure)
  console.log(`  with two harmonics RR ${interval(seasonal.coefficients[0]!, seasonal.standardErrors[0]!)}`)
  const bend = Float64Array.from(times, (time, i) => ban[i]! * (time - 36))
  const both = fitQuasiPoisson([ban, bend, one, trend, ...season], counts, exposure)
  console.log(
    `  level and slope RR ${Math.exp(both.coefficients[0]!).toFixed(4)}, slope ${Math.exp(both.coefficients[1]!).toFixed(5)}, z ${(both.coefficients[1]! / both.standardErrors[1]!).toFixed(3)}`,
  )
  const plan: CheckPlan = {
    design: 'interruptedTimeSeries',
    scale: 'log',
    family: 'quasiPoisson',
    start: ban.indexOf(1),
    expected: -0.1,
    season: { period: 12, harmonics: 2 },
  }
  report(plan, { treated: { name: 'Sicily', values: [...counts] }, comparators: [], exposure: [...exposure] })
}

async function proposition99(file: string): Promise<void> {
  const table = await readTable(file, ';')
  const states = [...new Set(table.map((row) => row['State']!))]
  const years = [...new Set(table.map((row) => Number(row['Year'])))].toSorted((a, b) => a - b)
  const values = new Map(states.map((state) => [state, table.filter((row) => row['State'] === state).map((row) => Number(row['PacksPerCapita']))]))
  const start = years.indexOf(1989)
  console.log(`\nProposition 99, ${states.length} states, ${years.length} years, start ${years[start]}`)
  const treated = Float64Array.from(values.get('California')!)
  const donors = states.filter((state) => state !== 'California')
  const fit = fitSynthetic(
    treated,
    donors.map((state) => Float64Array.from(values.get(state)!)),
    start,
    false,
  )
  console.log(`  simplex ATT ${fit.effect.toFixed(3)}, gap in 2000 ${fit.gap.at(-1)!.toFixed(2)}, pre-RMSPE ${fit.rmspeBefore.toFixed(3)}`)
  const weights = donors.map((state, j) => ({ state, weight: fit.weights[j]! })).filter((one) => one.weight > 0.001)
  console.log(
    `  weights ${weights
      .toSorted((a, b) => b.weight - a.weight)
      .map((one) => `${one.state} ${one.weight.toFixed(3)}`)
      .join(', ')}`,
  )
  const data: CheckData = {
    treated: { name: 'California', values: [...treated] },
    comparators: donors.map((state) => ({ name: state, values: values.get(state)! })),
  }
  const plan = { scale: 'level', start, expected: -20, intercept: false } as const
  report({ ...plan, design: 'syntheticControl' }, data)
  report({ ...plan, design: 'syntheticControl', placeboStatistic: 'errorRatio' }, data)
  report({ ...plan, design: 'differenceInDifferences' }, data)
  const gap = (from: number, to: number, series: ArrayLike<number>): number => {
    let sum = 0
    for (let i = from; i < to; i++) sum += series[i]! / (to - from)
    return sum
  }
  const own = gap(start, years.length, treated) - gap(0, start, treated)
  const others = donors.reduce(
    (sum, state) => sum + (gap(start, years.length, values.get(state)!) - gap(0, start, values.get(state)!)) / donors.length,
    0,
  )
  console.log(`  difference of differences of plain means ${(own - others).toFixed(3)}`)
}

function report(plan: CheckPlan, data: CheckData): void {
  const result = runCheck(plan, data)
  const { effect } = result
  const shown =
    effect === null
      ? 'no estimate'
      : `${effect.estimate.toFixed(4)} (${effect.interval.map((end) => end.toFixed(4)).join(' to ')}), p ${effect.p.toFixed(4)}`
  console.log(`  ${plan.design}: ${result.verdict}, ${shown}`)
  for (const reason of result.reasons) console.log(`    ${reason}`)
}

async function readTable(file: string, separator: string): Promise<Record<string, string>[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r\n|\r|\n/).filter((line) => line !== '')
  const cells = lines.map((line) => line.split(separator).map((cell) => cell.replace(/^"|"$/g, '')))
  return cells.slice(1).map((row) => Object.fromEntries(cells[0]!.map((name, i) => [name, row[i] ?? ''])))
}
