import type { CheckDesign } from '../packages/economy/src/causal/check-plan.ts'
import type { Disturbance } from '../packages/economy/src/causal/planted-city.ts'
import { plantedCity, plantedPlan, plantedSd } from '../packages/economy/src/causal/planted-city.ts'
import { runCheck } from '../packages/economy/src/causal/run-check.ts'
import { createRandom } from '../packages/economy/src/uncertainty/random.ts'

const designs: readonly CheckDesign[] = ['differenceInDifferences', 'interruptedTimeSeries', 'structuralTimeSeries', 'syntheticControl']
const seed = 20260601

/**
 * Runs every design on made-up cities whose truth is known (docs/economy-checks.md) and prints how often it says what.
 * Arguments of the command: the number of cities, 1,000 when there is none, and a design, all four when there is none.
 */
export async function bench(args: string[]): Promise<void> {
  const cities = Number(args.find((argument) => /^\d+$/.test(argument)) ?? 1000)
  console.log(`causal checks: ${cities} cities a row, seed ${seed}`)
  const only = designs.filter((design) => args.includes(design))
  for (const design of only.length > 0 ? only : designs) {
    const compares = design === 'differenceInDifferences' || design === 'syntheticControl'
    console.log(`\n${design}, residual sd ${plantedSd(design).toFixed(5)}`)
    await rows(design, cities, 'specified', [
      [0.1, 'none'],
      [0.07, 'none'],
      [0, 'none'],
    ])
    await rows(design, cities, 'must be invalid', [...(compares ? ([[0, 'drift']] as const) : []), [0, 'missing'], [0, 'break']])
    const misspecified: Disturbance[] = ['persistent', 'heavyTails', 'wandering', 'spikySeason', 'shockAtStart']
    await rows(design, cities, 'misspecified', [
      ...misspecified.flatMap((disturbance) => [[0.1, disturbance] as const, [0, disturbance] as const]),
      [0.1, 'ramp'],
      ...(compares ? ([[0.1, 'spillover']] as const) : []),
    ])
  }
}

async function rows(design: CheckDesign, cities: number, title: string, cases: readonly (readonly [number, Disturbance])[]): Promise<void> {
  console.log(`  ${title}`)
  for (const [effect, disturbance] of cases) {
    console.log(`    ${disturbance.padEnd(12)} effect ${(100 * effect).toFixed(0).padStart(2)} %  ${describe(design, cities, effect, disturbance)}`)
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

function describe(design: CheckDesign, cities: number, effect: number, disturbance: Disturbance): string {
  const random = createRandom(seed)
  const plan = plantedPlan(design)
  const verdicts = { invalid: 0, inconclusive: 0, supported: 0, notSupported: 0 }
  const failed = new Map<string, number>()
  const ranks = Array.from({ length: 8 }, () => 0)
  let covered = 0
  let estimated = 0
  let sum = 0
  for (let city = 0; city < cities; city++) {
    const result = runCheck(plan, plantedCity(random.fork(), design, effect, disturbance))
    verdicts[result.verdict] += 1
    for (const one of result.diagnostics) if (!one.passed) failed.set(one.name, (failed.get(one.name) ?? 0) + 1)
    if (result.effect === null) continue
    estimated += 1
    sum += result.effect.estimate
    if (result.effect.interval[0] <= effect && effect <= result.effect.interval[1]) covered += 1
    if (design === 'syntheticControl') ranks[Math.round(result.effect.p * 8) - 1]! += 1
  }
  const share = (count: number): string => `${((100 * count) / cities).toFixed(1)} %`
  const parts = [
    ...Object.entries(verdicts).map(([verdict, count]) => `${verdict} ${share(count)}`),
    `interval covers ${((100 * covered) / Math.max(1, estimated)).toFixed(1)} %`,
    `mean ${((100 * sum) / Math.max(1, estimated)).toFixed(2)} %`,
  ]
  if (design === 'syntheticControl')
    parts.push(`placebo rank 1 to 8: ${ranks.map((count) => share(count)).join(' ')}, chi-square ${chiSquare(ranks)}`)
  if (failed.size > 0) parts.push(`failed: ${[...failed].map(([name, count]) => `${name} ${share(count)}`).join(', ')}`)
  return parts.join('; ')
}

/** Of equal ranks; with 7 degrees of freedom 14.07 is exceeded once in twenty. */
function chiSquare(counts: readonly number[]): string {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0).toFixed(2)
}
