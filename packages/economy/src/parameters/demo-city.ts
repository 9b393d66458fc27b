import { parameterDefinitions, type ParameterName } from '../city-model/city-parameters.ts'
import type { CityDocument, Parameter, ParameterKind, ParameterValue } from './city-document.ts'

const census = 'Kawasaki, population census 2020 (imputed), three age bands'
const demo = 'demo, made up to test the model'
const female = { a: -11.95, b: 0.1045, c: 0.0002 }
const male = { a: -11.15, b: 0.1015, c: 0.0003 }
const bands = { young: 189_578, working: 1_037_169, old: 311_515 }

/**
 * The demo city: three sectors, money in 10^8 yen. Only the three age bands are observed; everything else is made up, so it is no model of Kawasaki.
 * Its scenarios are one measure under two beliefs: services move nobody, or services attract people.
 */
export const demoCity: CityDocument = {
  name: 'Demo city',
  moneyUnit: '10^8 JPY',
  baseYear: 2020,
  horizonYears: 30,
  sectors: ['Industry', 'Services', 'Public and social services'],
  parameters: {
    inputCoefficients: made('inputCoefficients', [
      [0.34, 0.08, 0.06],
      [0.14, 0.2, 0.12],
      [0.02, 0.02, 0.03],
    ]),
    compensationShare: made('compensationShare', [0.2, 0.26, 0.52]),
    productionTaxShare: made('productionTaxShare', [0.05, 0.04, 0.01]),
    localSupplyShare: made('localSupplyShare', [0.28, 0.62, 0.9]),
    householdBasket: made('householdBasket', [0.22, 0.66, 0.12]),
    governmentBasket: made('governmentBasket', [0.05, 0.2, 0.75]),
    investmentBasket: made('investmentBasket', [0.72, 0.26, 0.02]),
    jobsPerOutput: made('jobsPerOutput', [4.467, 9.278, 14.089]),
    exports: made('exports', [29_944, 15_596, 1_871]),
    exportGrowth: made('exportGrowth', 0.005),
    productivityGrowth: made('productivityGrowth', 0.005),
    inCommuterShare: made('inCommuterShare', 0.34),
    outCommuterShare: made('outCommuterShare', 0.5),
    outCommuterWage: made('outCommuterWage', 0.052),
    frictionalUnemployment: made('frictionalUnemployment', 0.02),
    localIncomeTax: made('localIncomeTax', 0.06),
    nationalIncomeTax: made('nationalIncomeTax', 0.24),
    localSurplusTax: made('localSurplusTax', 0.008),
    nationalSurplusTax: made('nationalSurplusTax', 0.12),
    propertyTax: made('propertyTax', 1_250),
    residentSurplusShare: made('residentSurplusShare', 0.3),
    retainedSurplusShare: made('retainedSurplusShare', 0.3),
    consumptionPropensity: made('consumptionPropensity', 0.8),
    outShoppingShare: made('outShoppingShare', 0.25),
    propertyIncome: made('propertyIncome', 1_500),
    cashAssistanceShare: made('cashAssistanceShare', 0.45),
    governmentConsumption: made('governmentConsumption', 2_248),
    platformOperation: made('platformOperation', 600),
    platformInvestment: made('platformInvestment', 500),
    baseGrant: made('baseGrant', 900),
    assistanceGrantShare: made('assistanceGrantShare', 0.55),
    bondShare: made('bondShare', 0.6),
    interestRate: made('interestRate', 0.01),
    debtMaturityYears: made('debtMaturityYears', 20),
    initialDebt: made('initialDebt', 8_500),
    initialFund: made('initialFund', 500),
    investmentPropensity: made('investmentPropensity', 0.3),
    laggedSurplus: made('laggedSurplus', 25_974),
    initialCapital: made('initialCapital', 9_000),
    depreciation: made('depreciation', 0.05),
    capitalWeight: made('capitalWeight', 0.5),
    femaleByAge: made('femaleByAge', { form: 'ageBands', ...bands, share: 0.497, ...female }, 'derived', census),
    maleByAge: made('maleByAge', { form: 'ageBands', ...bands, share: 0.503, ...male }, 'derived', census),
    femaleLifeYears: made('femaleLifeYears', { form: 'makeham', ...female }),
    maleLifeYears: made('maleLifeYears', { form: 'makeham', ...male }),
    totalFertility: made('totalFertility', 1.2),
    fertilityProfile: made('fertilityProfile', { form: 'bell', mean: 31.5, sd: 5, shift: 0.5, from: 15, to: 50 }),
    sexRatioAtBirth: made('sexRatioAtBirth', 1.05),
    netMigration: made('netMigration', 3_000),
    migrationProfile: made('migrationProfile', { form: 'bell', mean: 25, sd: 5, shift: 0, from: 0, to: 101 }),
    migrantFemaleShare: made('migrantFemaleShare', 0.497),
    participationByAge: made('participationByAge', {
      form: 'bands',
      bands: [
        { from: 15, to: 64, value: 0.8 },
        { from: 65, to: 74, value: 0.35 },
      ],
    }),
    pensionByAge: made('pensionByAge', { form: 'bands', bands: [{ from: 65, to: 100, value: 0.016 }] }),
    socialAssistanceByAge: made('socialAssistanceByAge', {
      form: 'bands',
      bands: [
        { from: 0, to: 14, value: 0.006 },
        { from: 15, to: 64, value: 0.0006 },
        { from: 65, to: 74, value: 0.0008 },
        { from: 75, to: 100, value: 0.0022 },
      ],
    }),
  },
  hypotheses: [],
  scenarios: [
    {
      id: 'platform-100',
      title: 'Platform operation + 100 a year from year 3',
      changes: [{ parameter: 'extraPlatformOperation', operation: 'add', value: 100, fromYear: 3 }],
    },
    {
      id: 'platform-100-attracts',
      title: 'The same, and services attract people',
      changes: [
        { parameter: 'extraPlatformOperation', operation: 'add', value: 100, fromYear: 3 },
        { parameter: 'migrationElasticity', operation: 'set', value: 0.004 },
      ],
      hypotheses: [{ id: 'H-001', elasticity: 'migrationElasticity', prior: { mean: 0, sd: 0.003 }, source: 'judgement, for the demo' }],
    },
  ],
}

function made(name: ParameterName, value: ParameterValue, kind: ParameterKind = 'assumed', source = demo): Parameter {
  return { unit: parameterDefinitions[name].unit, values: [{ from: 2020, year: 2020, value, kind, source }] }
}
