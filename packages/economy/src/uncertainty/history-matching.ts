import type { EvaluationOptions, Model } from './evaluate-draws.ts'
import { evaluateDraws } from './evaluate-draws.ts'
import type { NamedPrior } from './priors.ts'
import type { Random } from './random.ts'
import { drawOf, sampleDesign } from './sample-design.ts'

/** One observed output with the two variances that say how far a good model may miss it. */
export interface Observation {
  readonly output: string
  readonly value: number
  readonly observedVariance: number
  readonly modelVariance: number
}

export interface HistoryMatch {
  readonly draws: number
  readonly refused: number
  readonly cutoff: number
  /** Draws not ruled out, best first, each with its worst implausibility. */
  readonly kept: readonly { readonly draw: number; readonly parameters: readonly number[]; readonly implausibility: number; readonly worst: string }[]
  /** The box around the kept draws; empty when none is kept. */
  readonly ranges: readonly { readonly name: string; readonly low: number; readonly high: number }[]
  /** For each observation, how many draws it rules out: the one that rules out all is where model and data disagree. */
  readonly ruledOut: readonly { readonly output: string; readonly draws: number }[]
}

/**
 * History matching (Craig et al. 1997; Vernon, Goldstein and Bower 2010): keeps the draws whose greatest implausibility
 * |z - f| / sqrt(V_obs + V_model) is at most `cutoff`. Rules out; it gives no probabilities, and keeping nothing is an answer.
 */
export async function historyMatch(
  random: Random,
  priors: readonly NamedPrior[],
  observations: readonly Observation[],
  draws: number,
  model: Model,
  options: Omit<EvaluationOptions, 'from' | 'to' | 'outputs'> & { readonly cutoff?: number } = {},
): Promise<HistoryMatch> {
  const cutoff = options.cutoff ?? 3
  checkObservations(observations, cutoff)
  const design = sampleDesign(random, priors, draws, 'latinHypercube')
  const results = await evaluateDraws(design, model, { ...options, outputs: observations.map((one) => one.output) })
  const ruledOut = observations.map((one) => ({ output: one.output, draws: 0 }))
  const kept: HistoryMatch['kept'][number][] = []
  results.rows.forEach((draw, row) => {
    let implausibility = 0
    let worst = observations[0]!.output
    observations.forEach((one, column) => {
      const miss = implausibilityOf(one, results.values[row * observations.length + column]!)
      if (miss > cutoff) ruledOut[column]!.draws += 1
      if (miss > implausibility) {
        implausibility = miss
        worst = one.output
      }
    })
    if (implausibility <= cutoff) kept.push({ draw, parameters: [...drawOf(design, draw)], implausibility, worst })
  })
  kept.sort((a, b) => a.implausibility - b.implausibility || a.draw - b.draw)
  const ranges = kept.length === 0 ? [] : priors.map((one, i) => ({ name: one.name, ...range(kept.map((row) => row.parameters[i]!)) }))
  return { draws, refused: results.refused.length, cutoff, kept, ranges, ruledOut }
}

/** How many standard deviations an output lies from its observation. */
export function implausibilityOf(observation: Observation, output: number): number {
  return Math.abs(observation.value - output) / Math.sqrt(observation.observedVariance + observation.modelVariance)
}

function checkObservations(observations: readonly Observation[], cutoff: number): void {
  if (observations.length === 0) throw new RangeError('History matching needs at least one observation')
  if (!(cutoff > 0)) throw new RangeError(`The implausibility cutoff must be above 0, not ${cutoff}`)
  for (const { output, value, observedVariance, modelVariance } of observations) {
    const spread = observedVariance + modelVariance
    if (!Number.isFinite(value)) throw new RangeError(`The observation of ${output} is ${value}`)
    if (!(observedVariance >= 0 && modelVariance >= 0 && spread > 0 && Number.isFinite(spread))) {
      throw new RangeError(`The variances of ${output} must not be negative and their sum must be above 0`)
    }
  }
}

function range(values: readonly number[]): { low: number; high: number } {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return { low, high }
}
