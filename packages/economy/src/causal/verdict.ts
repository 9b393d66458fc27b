import type { SettledPlan } from './check-plan.ts'
import { effectFromScale, expectedOnScale } from './check-plan.ts'
import type { DesignOutcome, Diagnostic, Verdict } from './check-result.ts'

/** The verdict rules: diagnostics first, then the interval against no effect and against the expected one. */
export function verdictOf(
  plan: SettledPlan,
  diagnostics: readonly Diagnostic[],
  outcome: Pick<DesignOutcome, 'interval' | 'p' | 'estimate'> | null,
): { verdict: Verdict; reasons: string[] } {
  const failed = diagnostics.filter((one) => !one.passed)
  if (failed.length > 0) return { verdict: 'invalid', reasons: failed.map((one) => one.says) }
  if (outcome === null) return { verdict: 'invalid', reasons: ['The design could not be fitted to these data.'] }
  const expected = expectedOnScale(plan)
  const [low, high] = outcome.interval
  const said = `The interval runs from ${show(plan, low)} to ${show(plan, high)}`
  const excludesNothing = plan.design === 'syntheticControl' ? outcome.p <= plan.alpha : low > 0 || high < 0
  if (excludesNothing && Math.sign(outcome.estimate) === Math.sign(expected)) {
    const weaker = expected > 0 ? high < expected : low > expected
    const stronger = expected > 0 ? low > expected : high < expected
    const beside = weaker ? ', weaker than expected' : stronger ? ', stronger than expected' : ''
    return { verdict: 'supported', reasons: [`${said}: an effect in the expected direction${beside}.`] }
  }
  if (low > expected || high < expected) {
    const opposite = excludesNothing
      ? 'an effect in the opposite direction'
      : `weaker than the expected ${show(plan, expected)}, if there is any effect`
    return { verdict: 'notSupported', reasons: [`${said}: ${opposite}.`] }
  }
  return { verdict: 'inconclusive', reasons: [`${said}: it holds both no effect and the expected ${show(plan, expected)}.`] }
}

function show(plan: SettledPlan, value: number): string {
  const effect = effectFromScale(plan.scale, value)
  return plan.scale === 'log' ? `${(100 * effect).toFixed(1)} %` : effect.toPrecision(4)
}
