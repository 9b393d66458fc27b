import type { Verdict } from '../causal/check-result.ts'
import { refuse } from '../refusal.ts'
import type { PdcaCycle } from './pdca-cycle.ts'

/** How well closed cycles were predicted; only pre-registered, valid checks count. */
export interface OwnRecord {
  readonly closed: number
  readonly counted: number
  /** Share of observed effects within the predicted 80 % band. */
  readonly withinBand?: number
  /** Mean of observed less predicted effect, in the unit of each indicator over its predicted effect. */
  readonly meanRelativeError?: number
  readonly verdicts: Readonly<Record<Verdict, number>>
}

/** The record over all cycles given; those not closed do not count. */
export function ownRecord(cycles: readonly PdcaCycle[]): OwnRecord {
  const closed = cycles.filter((cycle) => cycle.stage === 'closed')
  const verdicts: Record<Verdict, number> = { invalid: 0, inconclusive: 0, supported: 0, notSupported: 0 }
  for (const { check } of closed) verdicts[check.result.verdict] += 1
  const counted = closed.flatMap(({ check: { standing, result }, prediction }) =>
    standing === 'preRegistered' && result.verdict !== 'invalid' && result.effect !== null ? [{ seen: result.effect.estimate, prediction }] : [],
  )
  const within = counted.filter(({ seen, prediction }) => seen >= prediction.low && seen <= prediction.high)
  const errors = counted.flatMap(({ seen, prediction: { central } }) => (central === 0 ? [] : [(seen - central) / Math.abs(central)]))
  return {
    closed: closed.length,
    counted: counted.length,
    withinBand: counted.length === 0 ? undefined : within.length / counted.length,
    meanRelativeError: errors.length === 0 ? undefined : errors.reduce((sum, error) => sum + error, 0) / errors.length,
    verdicts,
  }
}

/** Holm's step-down for several indicators of one hypothesis: which p-values stand at the level `alpha`. */
export function holmRejections(pValues: readonly number[], alpha: number): boolean[] {
  if (pValues.some((p) => !(p >= 0 && p <= 1))) refuse('holm', 'a p-value lies outside 0 to 1')
  const order = pValues.map((p, i) => ({ p, i })).toSorted((one, other) => one.p - other.p)
  const rejected = pValues.map(() => false)
  for (const [rank, { p, i }] of order.entries()) {
    if (p > alpha / (pValues.length - rank)) break
    rejected[i] = true
  }
  return rejected
}
