/** The public face of the engine of the two circles: pure functions on plain data, no clock, no I/O, randomness only by a passed seed. */
export { type Finding, Refusal } from './refusal.ts'

export { accountResiduals, type Institution, institutions } from './city-model/accounting-matrix.ts'
export { balanceBaseYear, type BalancedCity, type BaseYearTotals } from './city-model/balance-base-year.ts'
export { cityEnsemble, cityModel, columnNames, type Ensemble, type EnsembleRequest, type Fan, fanProbabilities } from './city-model/city-ensemble.ts'
export { assumedElasticities, type Change, type CityInputs, type HypothesisReference, inputFindings } from './city-model/city-inputs.ts'
export { type CityMultipliers, cityMultipliers } from './city-model/city-multipliers.ts'
export {
  ageCount,
  type CityParameters,
  elasticities,
  type Elasticity,
  type ParameterDefinition,
  parameterDefinitions,
  type ParameterName,
} from './city-model/city-parameters.ts'
export type { CityYear } from './city-model/city-year.ts'
export { type CityOutput, comparableBase, compareCity, type Comparison, type Scenario, withScenario } from './city-model/compare-runs.ts'
export { identities, type Identity, type IdentityCheck, identityTolerance } from './city-model/identities.ts'
export { type CityRun, runCity } from './city-model/run-city.ts'
export { type Simulation, simulate } from './city-model/simulate.ts'

export {
  type CityDocument,
  type DatedValue,
  type Parameter,
  type ParameterKind,
  parameterKinds,
  type ParameterValue,
  parseCityDocument,
  parseScenario,
  type Prior as ParameterPrior,
} from './parameters/city-document.ts'
export { demoCity } from './parameters/demo-city.ts'
export { documentPriors } from './parameters/document-priors.ts'
export { type ResolvedCity, resolveCity } from './parameters/resolve-city.ts'

export { circleArrows, type CircleArrow, circleFlows, type CircleNode, circleNodes, type FlowMeasure, knownFlows } from './circles/circle-flows.ts'
export {
  type Amount,
  circulation,
  type Circulation,
  type CirculationAccount,
  circulationChange,
  circulationRate,
} from './circulation/circulation-account.ts'
export { type Limit, type LimitLanguage, limitLanguages, limits, limitsIn, limitsOf, type LimitSubject } from './limits/limits.ts'

export { allocationCoefficients, importShares, inputCoefficients, perOutput, regionalCoefficients } from './input-output/coefficients.ts'
export {
  type Account,
  type InputOutputTable,
  primaryInput,
  requireBalanced,
  tableFindings,
  type TableTolerance,
} from './input-output/input-output-table.ts'
export { type Effect as ImpactEffect, type Impact, impactOf, type PerOutput } from './input-output/impact.ts'
export { endlessMultiplier, localMultiplier3 } from './input-output/lm3.ts'
export {
  crossQuotients,
  deltaBand,
  fleggQuotients,
  regionalised,
  regionalisedSimply,
  type SectorSizes,
  simpleQuotients,
  usualDelta,
} from './input-output/location-quotients.ts'
export {
  type ClosedModel,
  closedModel,
  columnSums,
  type HouseholdClosure,
  leontiefInverse,
  outputFor,
  ratioMultipliers,
  rowSums,
  totalEffects,
} from './input-output/multipliers.ts'
export { fleggMultipliers, plausibility, type RegionalMultipliers, weightedMean } from './input-output/regional-multipliers.ts'

export { type Band, bandedProfile, bellProfile, pyramidOfBands } from './population/age-profile.ts'
export { cohortRatios, type CohortRatios, projectByRatios, withOpenGroup } from './population/cohort-ratios.ts'
export { type CohortRates, cohortStep, type CohortStep, type Pyramid, type Survival } from './population/cohort-step.ts'
export { lifeExpectancy, makehamPersonYears, type PersonYears, survivalOf } from './population/life-table.ts'

export { type Belief, elasticityEstimate, localDerivative, updatedBelief } from './hypotheses/belief.ts'
export { canonicalJson } from './hypotheses/canonical-json.ts'
export {
  canBeVerified,
  type CivilPeriod,
  type ClaimedArrow,
  type Expectation,
  type Hypothesis,
  planFindings,
  planHash,
  type PlanHistory,
  type PlanVersion,
  type RegisteredDesign,
  revisePlan,
  signPlan,
  tamperedVersions,
} from './hypotheses/hypothesis.ts'
export { holmRejections, type OwnRecord, ownRecord } from './hypotheses/own-record.ts'
export {
  type ActRecord,
  type CheckRecord,
  currentVersion,
  type Delivery,
  openCycle,
  type PdcaCycle,
  type Prediction,
  recordAct,
  recordCheck,
  recordDelivery,
} from './hypotheses/pdca-cycle.ts'
export { parseHypothesis } from './hypotheses/parse-hypothesis.ts'
export { parsePlanHistory } from './hypotheses/parse-plan-history.ts'
export { predictEffect } from './hypotheses/predict-effect.ts'
export { sha256 } from './hypotheses/sha256.ts'

export { evaluateKpi, type KpiValue, knownRows, type Lineage, type NamedSeries, type SeriesRow, smallestCell } from './kpi/evaluate-kpi.ts'
export { aggregates, type Formula, parseFormula, seriesOf } from './kpi/formula.ts'
export { type KpiBinding, type YearValue, yearValue } from './kpi/kpi-binding.ts'
export { type Direction, findKpi, kpiCatalogue, type KpiDefinition } from './kpi/kpi-catalogue.ts'
export { kpiName, kpiNames } from './kpi/kpi-names.ts'

// uncertainty, causal checks, forecasts, XMILE
export { type DrawResults, evaluateDraws, type EvaluationOptions, joinDrawResults, type Model } from './uncertainty/evaluate-draws.ts'
export { historyMatch, type HistoryMatch, implausibilityOf, type Observation } from './uncertainty/history-matching.ts'
export type { NamedPrior, Prior } from './uncertainty/priors.ts'
export { createRandom, type Random, randomAlgorithm } from './uncertainty/random.ts'
export { type SampleDesign, sampleDesign, type Sampling } from './uncertainty/sample-design.ts'
export { type SobolIndex, sobolIndices, type SobolResult } from './uncertainty/sobol-indices.ts'
export { type DrawSummary, sortedQuantile, summarizeDraws } from './uncertainty/summarize-draws.ts'

export { type CheckData, type CheckDesign, type CheckPlan, type CheckSeries, type EffectScale, settlePlan } from './causal/check-plan.ts'
export type { CheckResult, Diagnostic, Effect, Verdict } from './causal/check-result.ts'
export { minimumDetectableEffect, type PlannedNoise, type PlannedPeriods, plannedStandardError } from './causal/minimum-detectable-effect.ts'
export { runCheck } from './causal/run-check.ts'

export { backtest, type Backtest, forecast, type Forecast, type ForecastMethod, type ForecastRequest } from './forecast/forecast.ts'
export { type AnomalyReport, findUnusual, type Unusual } from './forecast/robust-anomaly.ts'

export { readXmile } from './xmile/read-xmile.ts'
export { defaultRunLimits, type RunLimits, simulateXmile, type XmileRun } from './xmile/simulate-xmile.ts'
export type { SimulationSpecs, XmileModel } from './xmile/xmile-model.ts'
export { treeFromFastXml, treeLimits, type XmlNode } from './xmile/xml-tree.ts'
