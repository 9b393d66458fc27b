import type { CheckResult } from '../causal/check-result.ts'
import { refuse } from '../refusal.ts'
import type { PlanHistory, PlanVersion } from './hypothesis.ts'

/** What the model promised under a version of the plan: the band of the difference in the primary indicator, 10th to 90th percentile. */
export interface Prediction {
  readonly planHash: string
  readonly inputsHash: string
  readonly seed: number
  readonly low: number
  readonly high: number
  readonly central: number
}

/** What was really done; `deviations` in words, one each. */
export interface Delivery {
  readonly actualStart: string
  readonly actualSpend: number
  readonly deviations: readonly string[]
}

/** The check of one signed version. `exploratory` when design, expectation, level or version are not those signed before the data opened. */
export interface CheckRecord {
  readonly planVersion: number
  readonly result: CheckResult
  readonly standing: 'preRegistered' | 'exploratory'
  /** Observed effect less what the model predicts with the delivery as it was. */
  readonly modelError?: number
}

/** What follows; the author decides, the rule only proposes. */
export interface ActRecord {
  readonly decision: 'adopt' | 'stop' | 'extend' | 'redesign'
  readonly decidedBy: string
  readonly decidedAt: string
  readonly reason: string
  readonly parameterUpdates: readonly { readonly parameter: string; readonly mean: number; readonly sd: number }[]
  readonly nextHypothesis?: string
}

/** One turn of plan, do, check, act; each stage holds what those before it left. */
export type PdcaCycle =
  | { readonly stage: 'plan'; readonly plan: PlanHistory; readonly prediction: Prediction }
  | { readonly stage: 'do'; readonly plan: PlanHistory; readonly prediction: Prediction; readonly delivery: Delivery }
  | {
      readonly stage: 'check'
      readonly plan: PlanHistory
      readonly prediction: Prediction
      readonly delivery: Delivery
      readonly check: CheckRecord
    }
  | {
      readonly stage: 'closed'
      readonly plan: PlanHistory
      readonly prediction: Prediction
      readonly delivery: Delivery
      readonly check: CheckRecord
      readonly act: ActRecord
    }

/** Opens a cycle with a signed plan and the prediction made under it. */
export function openCycle(plan: PlanHistory, prediction: Prediction): PdcaCycle {
  if (currentVersion(plan).planHash !== prediction.planHash) refuse('pdca', 'the prediction was made under another version of the plan')
  if (!(prediction.low <= prediction.central && prediction.central <= prediction.high)) {
    refuse('pdca', `the predicted band ${prediction.low} to ${prediction.high} does not hold its centre ${prediction.central}`)
  }
  return { stage: 'plan', plan, prediction }
}

/** Records the delivery. */
export function recordDelivery(cycle: PdcaCycle, delivery: Delivery): PdcaCycle {
  if (cycle.stage !== 'plan') return wrongStage(cycle, 'a delivery')
  return { ...cycle, stage: 'do', delivery }
}

/**
 * Records the check with its verdict. A result of another design, scale, expectation or level than registered, or under a version signed after the data
 * opened, is kept and labelled exploratory.
 */
export function recordCheck(cycle: PdcaCycle, result: CheckResult, modelError?: number): PdcaCycle {
  if (cycle.stage !== 'do') return wrongStage(cycle, 'a check')
  const { version, hypothesis, afterDataOpened } = currentVersion(cycle.plan)
  const { method, scale, alpha } = hypothesis.design
  const asPlanned =
    result.design === method && result.scale === scale && same(result.expected, hypothesis.expected[0]?.effect) && same(result.level, 1 - alpha)
  const check: CheckRecord = { planVersion: version, result, standing: asPlanned && !afterDataOpened ? 'preRegistered' : 'exploratory', modelError }
  return { ...cycle, stage: 'check', check }
}

/** Closes the cycle with a decision; parameters move only on a pre-registered, valid check. */
export function recordAct(cycle: PdcaCycle, act: ActRecord): PdcaCycle {
  if (cycle.stage !== 'check') return wrongStage(cycle, 'a decision')
  const { standing, result } = cycle.check
  if (act.parameterUpdates.length > 0 && (standing === 'exploratory' || result.verdict === 'invalid')) {
    refuse('pdca', `a check that is ${standing === 'exploratory' ? standing : result.verdict} cannot change a parameter`)
  }
  if (act.decidedBy.trim() === '') refuse('pdca', 'a decision needs its author')
  return { ...cycle, stage: 'closed', act }
}

/** The version in force. */
export function currentVersion(plan: PlanHistory): PlanVersion {
  return plan.versions.at(-1) ?? refuse('plan', 'the plan has no signed version')
}

function same(one: number, other: number | undefined): boolean {
  return other !== undefined && Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(other))
}

function wrongStage(cycle: PdcaCycle, what: string): never {
  return refuse('pdca', `${what} cannot be recorded in stage ${cycle.stage}`)
}
