import type { CityInputs } from '../city-model/city-inputs.ts'
import { institutions } from '../city-model/accounting-matrix.ts'
import { parametersOfYear } from '../city-model/changes.ts'
import type { CityYear } from '../city-model/city-year.ts'
import { compensatedSum } from '../linear-algebra/compensated-sum.ts'

/** The places of the two circles; `outside` is everything beyond the city, the state included. */
export const circleNodes = ['industry', 'employment', 'consumption', 'population', 'finance', 'platform', 'outside'] as const
export type CircleNode = (typeof circleNodes)[number]

/** What an arrow carries. */
export type FlowMeasure =
  | 'wages'
  | 'residentsPay'
  | 'localPurchases'
  | 'residentTaxes'
  | 'platformBudget'
  | 'attractedPeople'
  | 'labourForce'
  | 'pensionsAndAssistance'
  | 'surplusTaxes'
  | 'cityPurchases'
  | 'serviceToIndustry'
  | 'exports'
  | 'importedInputs'
  | 'importedConsumption'
  | 'inCommuterPay'
  | 'outCommuterPay'
  | 'grants'

/** One arrow: a flow of accounts, a link that only a hypothesis makes, or a link without data. `value` is money per year, or persons where `unit` says so. */
export interface CircleArrow {
  readonly from: CircleNode
  readonly to: CircleNode
  readonly measure: FlowMeasure
  readonly unit: 'money' | 'person'
  readonly state: 'flow' | 'hypothesis' | 'noData'
  readonly value?: number
  /** Of a hypothesis: whether an elasticity that is not zero stands behind it. */
  readonly assumed?: boolean
}

/** The arrows in the order they are drawn: inner circle, outer circle, links between, links outside. */
export const circleArrows: readonly Pick<CircleArrow, 'from' | 'to' | 'measure' | 'unit'>[] = [
  { from: 'industry', to: 'employment', measure: 'wages', unit: 'money' },
  { from: 'employment', to: 'consumption', measure: 'residentsPay', unit: 'money' },
  { from: 'consumption', to: 'industry', measure: 'localPurchases', unit: 'money' },
  { from: 'population', to: 'finance', measure: 'residentTaxes', unit: 'money' },
  { from: 'finance', to: 'platform', measure: 'platformBudget', unit: 'money' },
  { from: 'platform', to: 'population', measure: 'attractedPeople', unit: 'person' },
  { from: 'population', to: 'employment', measure: 'labourForce', unit: 'person' },
  { from: 'population', to: 'consumption', measure: 'pensionsAndAssistance', unit: 'money' },
  { from: 'industry', to: 'finance', measure: 'surplusTaxes', unit: 'money' },
  { from: 'finance', to: 'industry', measure: 'cityPurchases', unit: 'money' },
  { from: 'platform', to: 'industry', measure: 'serviceToIndustry', unit: 'money' },
  { from: 'outside', to: 'industry', measure: 'exports', unit: 'money' },
  { from: 'industry', to: 'outside', measure: 'importedInputs', unit: 'money' },
  { from: 'consumption', to: 'outside', measure: 'importedConsumption', unit: 'money' },
  { from: 'employment', to: 'outside', measure: 'inCommuterPay', unit: 'money' },
  { from: 'outside', to: 'employment', measure: 'outCommuterPay', unit: 'money' },
  { from: 'outside', to: 'finance', measure: 'grants', unit: 'money' },
]

/** The arrows of one year of a run. The two links from the platform are hypotheses: zero while their elasticities are. */
export function circleFlows(inputs: Pick<CityInputs, 'parameters' | 'changes'>, year: CityYear): CircleArrow[] {
  const p = parametersOfYear(inputs, year.t)
  const n = year.output.length
  const account = (name: (typeof institutions)[number]): number => n + institutions.indexOf(name)
  const cell = (row: number, column: number): number => year.matrix[row]![column]!
  const toIndustry = (column: number): number => compensatedSum(year.output.map((_, i) => cell(i, column)))
  const consumptionAbroad = cell(account('restOfWorld'), account('households'))
  const servicesFelt = p.migrationElasticity * year.population * (year.serviceLevel - 1)
  const moreProductive = p.productivityElasticity !== 0 || p.localSupplyElasticity !== 0
  const values: Readonly<Record<FlowMeasure, number | undefined>> = {
    wages: year.wages,
    residentsPay: year.labourIncome,
    localPurchases: year.consumption - consumptionAbroad,
    residentTaxes: cell(account('city'), account('households')),
    platformBudget: year.platformOperation + year.platformInvestment,
    attractedPeople: servicesFelt,
    labourForce: year.labourForce,
    pensionsAndAssistance: year.pensions + year.cashAssistance,
    surplusTaxes: cell(account('city'), account('capital')),
    cityPurchases: toIndustry(account('city')),
    serviceToIndustry: moreProductive ? undefined : 0,
    exports: year.exports,
    importedInputs: compensatedSum(year.output.map((_, j) => cell(account('restOfWorld'), j))),
    importedConsumption: consumptionAbroad,
    inCommuterPay: cell(account('restOfWorld'), account('labour')),
    outCommuterPay: year.outCommuterIncome,
    grants: year.grants,
  }
  const assumed: Readonly<Partial<Record<FlowMeasure, boolean>>> = { attractedPeople: p.migrationElasticity !== 0, serviceToIndustry: moreProductive }
  return circleArrows.map((arrow) => ({
    ...arrow,
    state: hypothetical.has(arrow.measure) ? 'hypothesis' : 'flow',
    value: values[arrow.measure],
    assumed: assumed[arrow.measure],
  }))
}

/** The arrows with the values that are known, for accounts without a run; the links from the platform stay hypotheses, the others have no data. */
export function knownFlows(values: Partial<Readonly<Record<FlowMeasure, number>>>): CircleArrow[] {
  return circleArrows.map((arrow) => {
    const value = values[arrow.measure]
    return { ...arrow, state: hypothetical.has(arrow.measure) ? 'hypothesis' : value === undefined ? 'noData' : 'flow', value }
  })
}

const hypothetical: ReadonlySet<FlowMeasure> = new Set(['attractedPeople', 'serviceToIndustry'])
