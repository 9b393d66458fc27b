import type { CheckDesign, EffectScale } from '../causal/check-plan.ts'
import type { Change } from '../city-model/city-inputs.ts'
import type { Elasticity } from '../city-model/city-parameters.ts'
import { type Finding, Refusal, refuse } from '../refusal.ts'
import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './sha256.ts'

/** The arrows across the circles that a hypothesis may claim. */
export type ClaimedArrow =
  | 'platform->population'
  | 'platform->industry'
  | 'platform->employment'
  | 'finance->platform'
  | 'population->finance'
  | 'employment->consumption'
  | 'consumption->industry'

/** A period from the first day to the last, civil dates `YYYY-MM-DD`. */
export interface CivilPeriod {
  readonly from: string
  readonly to: string
}

/** What is expected of one indicator, in its unit, at the end of the horizon. The first expectation of a plan is its primary one. */
export interface Expectation {
  readonly kpi: string
  readonly direction: 'up' | 'down'
  /** Signed; see the scale of the design. */
  readonly effect: number
  readonly unit: string
  readonly horizonMonths: number
  readonly prior: { readonly mean: number; readonly sd: number }
  readonly source: string
}

/** How the data will be asked, fixed before they are seen. */
export interface RegisteredDesign {
  readonly method: CheckDesign
  /** On the log scale effects are fractions, on the level scale they have the indicator's unit. */
  readonly scale: EffectScale
  readonly outcomeKpi: string
  readonly prePeriod: CivilPeriod
  readonly postPeriod: CivilPeriod
  readonly comparators: readonly string[]
  readonly covariates: readonly string[]
  readonly season?: { readonly period: number; readonly harmonics: number }
  readonly leastPreObservations: number
  readonly alpha: number
  readonly power: number
  readonly minimumDetectableEffect: number
}

/** A plan: what is claimed, what is done, what should follow and how it will be judged. */
export interface Hypothesis {
  readonly id: string
  readonly title: string
  readonly owner: string
  readonly domain: string
  readonly createdAt: string
  readonly claim: { readonly arrow: ClaimedArrow; readonly mechanism: string; readonly elasticity?: Elasticity }
  readonly intervention: { readonly changes: readonly Change[]; readonly costPerYear: number; readonly area?: string }
  readonly expected: readonly Expectation[]
  readonly design: RegisteredDesign
  readonly decisionRule: { readonly adoptIf: string; readonly stopIf: string; readonly otherwise: 'extend' }
}

/** A signed version of a plan; later versions never replace earlier ones. */
export interface PlanVersion {
  readonly version: number
  readonly hypothesis: Hypothesis
  /** SHA-256 of the canonical JSON of the hypothesis. */
  readonly planHash: string
  readonly signedAt: string
  readonly signedBy: string
  /** The version was signed when its data could already be seen, so that a check under it is exploratory. */
  readonly afterDataOpened: boolean
}

/** Everything a plan has been, oldest first. */
export interface PlanHistory {
  readonly versions: readonly PlanVersion[]
}

/** Hash of a plan. */
export function planHash(hypothesis: Hypothesis): string {
  return sha256(canonicalJson(hypothesis))
}

/** Signs a plan for the first time; refuses one that cannot be judged. `signedAt` is an RFC 3339 instant. */
export function signPlan(hypothesis: Hypothesis, signedAt: string, signedBy: string): PlanHistory {
  return { versions: [version(1, hypothesis, signedAt, signedBy, hypothesis.design.postPeriod.from)] }
}

/**
 * Signs a changed plan as a new version; the earlier ones stay. The data count as open from the earliest start of any version's post period, so that a
 * plan cannot move its window to look untouched. A change of nothing is refused.
 */
export function revisePlan(history: PlanHistory, hypothesis: Hypothesis, signedAt: string, signedBy: string): PlanHistory {
  const last = history.versions.at(-1) ?? refuse('plan', 'the plan has no signed version')
  if (last.hypothesis.id !== hypothesis.id) refuse('plan', `the plan of ${last.hypothesis.id} cannot be revised by ${hypothesis.id}`)
  if (planHash(hypothesis) === last.planHash) refuse('plan', `version ${last.version} of ${hypothesis.id} already says this`)
  if (signedAt < last.signedAt) refuse('plan', `a version signed at ${signedAt} cannot follow one signed at ${last.signedAt}`)
  const opened = [...history.versions.map((one) => one.hypothesis), hypothesis].map(({ design }) => design.postPeriod.from).toSorted()[0]!
  return { versions: [...history.versions, version(last.version + 1, hypothesis, signedAt, signedBy, opened)] }
}

/** Versions whose content no longer gives their hash: a record that was changed behind its back. */
export function tamperedVersions(history: PlanHistory): number[] {
  return history.versions.filter((one) => planHash(one.hypothesis) !== one.planHash).map((one) => one.version)
}

/** Every reason why a plan cannot be judged. */
export function planFindings(hypothesis: Hypothesis): Finding[] {
  const { expected, design } = hypothesis
  const findings: Finding[] = []
  const say = (message: string): void => void findings.push({ rule: 'plan', message: `${hypothesis.id}: ${message}` })
  const [primary] = expected
  if (primary === undefined) say('nothing is expected, so nothing can be checked')
  else if (primary.kpi !== design.outcomeKpi) say(`the first expectation is of ${primary.kpi} and the design watches ${design.outcomeKpi}`)
  for (const { kpi, effect, direction, prior, source } of expected) {
    if (!Number.isFinite(effect) || effect === 0 || effect > 0 !== (direction === 'up'))
      say(`the expected effect on ${kpi} is ${effect} and its direction is ${direction}`)
    if (!(prior.sd > 0) || !Number.isFinite(prior.mean)) say(`the prior of the effect on ${kpi} has mean ${prior.mean} and sd ${prior.sd}`)
    if (source.trim() === '') say(`the expectation of ${kpi} names no source`)
  }
  if (!(design.prePeriod.from < design.prePeriod.to)) say('the period before is empty')
  if (!(design.postPeriod.from < design.postPeriod.to)) say('the period after is empty')
  if (!(design.prePeriod.to < design.postPeriod.from)) say('the period after starts before the period before ends')
  if (!(design.alpha > 0 && design.alpha < 1)) say(`alpha is ${design.alpha}`)
  if (!(design.minimumDetectableEffect > 0)) say(`the minimum detectable effect is ${design.minimumDetectableEffect}`)
  const needsComparators = design.method === 'differenceInDifferences' || design.method === 'syntheticControl'
  if (needsComparators && design.comparators.length === 0) say(`${design.method} needs comparators`)
  return findings
}

/** Whether the design could see the primary effect; said before money is spent. */
export function canBeVerified(hypothesis: Hypothesis): boolean {
  return Math.abs(hypothesis.expected[0]?.effect ?? 0) >= hypothesis.design.minimumDetectableEffect
}

function version(number: number, hypothesis: Hypothesis, signedAt: string, signedBy: string, dataOpen: string): PlanVersion {
  const findings = planFindings(hypothesis)
  if (findings.length > 0) throw new Refusal(findings)
  if (Number.isNaN(Date.parse(signedAt))) refuse('instant', `${signedAt} is no RFC 3339 instant`)
  return { version: number, hypothesis, planHash: planHash(hypothesis), signedAt, signedBy, afterDataOpened: signedAt >= dataOpen }
}
