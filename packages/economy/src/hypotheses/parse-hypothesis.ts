import type { CheckDesign, EffectScale } from '../causal/check-plan.ts'
import { type Elasticity, elasticities } from '../city-model/city-parameters.ts'
import { parseScenario } from '../parameters/city-document.ts'
import { type Json, listAt, numberAt, objectAt, onlyKeys, optional, textAt } from '../parameters/read-json.ts'
import { Refusal, refuse } from '../refusal.ts'
import { type CivilPeriod, type ClaimedArrow, type Expectation, type Hypothesis, planFindings, type RegisteredDesign } from './hypothesis.ts'

const arrows: readonly ClaimedArrow[] = [
  'platform->population',
  'platform->industry',
  'platform->employment',
  'finance->platform',
  'population->finance',
  'employment->consumption',
  'consumption->industry',
]
const designs: readonly CheckDesign[] = ['differenceInDifferences', 'interruptedTimeSeries', 'syntheticControl', 'structuralTimeSeries']
const scales: readonly EffectScale[] = ['log', 'level']

/** Parses a plan from unknown JSON; throws a `Refusal` that names the place, or every reason why the plan cannot be judged. */
export function parseHypothesis(input: Json): Hypothesis {
  const plan = objectAt(input, 'plan')
  onlyKeys(plan, ['id', 'title', 'owner', 'domain', 'createdAt', 'claim', 'intervention', 'expected', 'design', 'decisionRule'], 'plan')
  const intervention = objectAt(plan['intervention'], 'intervention')
  onlyKeys(intervention, ['changes', 'costPerYear', 'area'], 'intervention')
  const rule = objectAt(plan['decisionRule'], 'decisionRule')
  onlyKeys(rule, ['adoptIf', 'stopIf', 'otherwise'], 'decisionRule')
  const id = textAt(plan['id'], 'id')
  const hypothesis: Hypothesis = {
    id,
    title: textAt(plan['title'], 'title'),
    owner: textAt(plan['owner'], 'owner'),
    domain: textAt(plan['domain'], 'domain'),
    createdAt: instantAt(plan['createdAt'], 'createdAt'),
    claim: parseClaim(plan['claim']),
    intervention: {
      changes: parseScenario({ id, title: id, changes: intervention['changes'] }, 'intervention').changes,
      costPerYear: numberAt(intervention['costPerYear'], 'intervention.costPerYear'),
      ...optional<{ area?: string }>(intervention['area'], {}, (area) => ({ area: textAt(area, 'intervention.area') })),
    },
    expected: listAt(plan['expected'], 'expected', parseExpectation, 50),
    design: parseDesign(plan['design']),
    decisionRule: {
      adoptIf: textAt(rule['adoptIf'], 'decisionRule.adoptIf'),
      stopIf: textAt(rule['stopIf'], 'decisionRule.stopIf'),
      otherwise: 'extend',
    },
  }
  const findings = planFindings(hypothesis)
  if (findings.length > 0) throw new Refusal(findings)
  return hypothesis
}

function parseClaim(input: Json): Hypothesis['claim'] {
  const claim = objectAt(input, 'claim')
  onlyKeys(claim, ['arrow', 'mechanism', 'elasticity'], 'claim')
  return {
    arrow: oneOf(claim['arrow'], arrows, 'claim.arrow'),
    mechanism: textAt(claim['mechanism'], 'claim.mechanism'),
    ...optional<{ elasticity?: Elasticity }>(claim['elasticity'], {}, (name) => ({ elasticity: oneOf(name, elasticities, 'claim.elasticity') })),
  }
}

function parseExpectation(input: Json, at: string): Expectation {
  const expected = objectAt(input, at)
  onlyKeys(expected, ['kpi', 'direction', 'effect', 'unit', 'horizonMonths', 'prior', 'source'], at)
  const prior = objectAt(expected['prior'], `${at}.prior`)
  onlyKeys(prior, ['mean', 'sd'], `${at}.prior`)
  return {
    kpi: textAt(expected['kpi'], `${at}.kpi`),
    direction: oneOf(expected['direction'], ['up', 'down'], `${at}.direction`),
    effect: numberAt(expected['effect'], `${at}.effect`),
    unit: textAt(expected['unit'], `${at}.unit`),
    horizonMonths: numberAt(expected['horizonMonths'], `${at}.horizonMonths`),
    prior: { mean: numberAt(prior['mean'], `${at}.prior.mean`), sd: numberAt(prior['sd'], `${at}.prior.sd`) },
    source: textAt(expected['source'], `${at}.source`),
  }
}

function parseDesign(input: Json): RegisteredDesign {
  const design = objectAt(input, 'design')
  const known = [
    'method',
    'scale',
    'outcomeKpi',
    'prePeriod',
    'postPeriod',
    'comparators',
    'covariates',
    'season',
    'leastPreObservations',
    'alpha',
    'power',
  ]
  onlyKeys(design, [...known, 'minimumDetectableEffect'], 'design')
  const number = (name: string): number => numberAt(design[name], `design.${name}`)
  return {
    method: oneOf(design['method'], designs, 'design.method'),
    scale: oneOf(design['scale'], scales, 'design.scale'),
    outcomeKpi: textAt(design['outcomeKpi'], 'design.outcomeKpi'),
    prePeriod: periodAt(design['prePeriod'], 'design.prePeriod'),
    postPeriod: periodAt(design['postPeriod'], 'design.postPeriod'),
    comparators: listAt(design['comparators'], 'design.comparators', textAt, 1000),
    covariates: listAt(design['covariates'], 'design.covariates', textAt, 1000),
    ...optional<{ season?: RegisteredDesign['season'] }>(design['season'], {}, (season) => ({ season: seasonAt(season) })),
    leastPreObservations: number('leastPreObservations'),
    alpha: number('alpha'),
    power: number('power'),
    minimumDetectableEffect: number('minimumDetectableEffect'),
  }
}

function seasonAt(input: Json): NonNullable<RegisteredDesign['season']> {
  const season = objectAt(input, 'design.season')
  onlyKeys(season, ['period', 'harmonics'], 'design.season')
  return { period: numberAt(season['period'], 'design.season.period'), harmonics: numberAt(season['harmonics'], 'design.season.harmonics') }
}

function periodAt(input: Json, at: string): CivilPeriod {
  const period = objectAt(input, at)
  onlyKeys(period, ['from', 'to'], at)
  return { from: dateAt(period['from'], `${at}.from`), to: dateAt(period['to'], `${at}.to`) }
}

function dateAt(value: Json, at: string): string {
  const text = textAt(value, at)
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  return real ? text : refuse('date', `${at} is ${text}, no date YYYY-MM-DD`, { account: at })
}

/** An RFC 3339 instant. */
export function instantAt(value: Json, at: string): string {
  const text = textAt(value, at)
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : refuse('instant', `${at} is ${text}, no RFC 3339 instant`, { account: at })
}

function oneOf<T extends string>(value: Json, known: readonly T[], at: string): T {
  return (
    known.find((word) => word === value) ??
    refuse('word', `${at} is ${JSON.stringify(value)}; it must be one of ${known.join(', ')}`, { account: at })
  )
}
