import type { Ensemble } from '../city-model/city-ensemble.ts'
import { fanProbabilities } from '../city-model/city-ensemble.ts'
import type { CityOutput } from '../city-model/compare-runs.ts'
import { refuse } from '../refusal.ts'
import type { PlanVersion } from './hypothesis.ts'
import type { Prediction } from './pdca-cycle.ts'

/**
 * What the model promises of a plan: median and 80 % band of the effect on an output in year t, from an ensemble of base and measure under common draws.
 * `scale` brings the model's unit to that of the indicator.
 */
export function predictEffect(plan: PlanVersion, inputsHash: string, ensemble: Ensemble, output: CityOutput, t: number, scale = 1): Prediction {
  const fan = ensemble.fans.find((one) => one.kind === 'difference' && one.output === output)
  if (fan === undefined) return refuse('prediction', `the ensemble drew no difference of ${output}`)
  const band = fan.bands[t] ?? refuse('prediction', `the ensemble has no year ${t}`)
  const at = (probability: (typeof fanProbabilities)[number]): number => scale * band[fanProbabilities.indexOf(probability)]!
  const [one, other] = [at(0.1), at(0.9)]
  return { planHash: plan.planHash, inputsHash, seed: ensemble.seed, low: Math.min(one, other), high: Math.max(one, other), central: at(0.5) }
}
