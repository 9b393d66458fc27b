/** Parameters that are one number. */
export type ScalarParameter =
  | 'exportGrowth'
  | 'productivityGrowth'
  | 'inCommuterShare'
  | 'outCommuterShare'
  | 'outCommuterWage'
  | 'frictionalUnemployment'
  | 'localIncomeTax'
  | 'nationalIncomeTax'
  | 'localSurplusTax'
  | 'nationalSurplusTax'
  | 'propertyTax'
  | 'residentSurplusShare'
  | 'retainedSurplusShare'
  | 'consumptionPropensity'
  | 'outShoppingShare'
  | 'propertyIncome'
  | 'cashAssistanceShare'
  | 'governmentConsumption'
  | 'platformOperation'
  | 'platformInvestment'
  | 'extraPlatformOperation'
  | 'extraPlatformInvestment'
  | 'baseGrant'
  | 'assistanceGrantShare'
  | 'bondShare'
  | 'interestRate'
  | 'debtMaturityYears'
  | 'initialDebt'
  | 'initialFund'
  | 'investmentPropensity'
  | 'laggedSurplus'
  | 'initialCapital'
  | 'depreciation'
  | 'capitalWeight'
  | 'totalFertility'
  | 'sexRatioAtBirth'
  | 'netMigration'
  | 'migrantFemaleShare'
  | Elasticity

/** The behavioural links across the circles; zero unless a hypothesis says otherwise. */
export type Elasticity =
  | 'migrationElasticity'
  | 'fertilityElasticity'
  | 'participationElasticity'
  | 'productivityElasticity'
  | 'localSupplyElasticity'

/** Parameters with one number per sector. */
export type SectorParameter =
  | 'compensationShare'
  | 'productionTaxShare'
  | 'localSupplyShare'
  | 'householdBasket'
  | 'governmentBasket'
  | 'investmentBasket'
  | 'jobsPerOutput'
  | 'exports'

/** Parameters with one number per single age 0 to 100 and over. */
export type AgeParameter =
  | 'femaleByAge'
  | 'maleByAge'
  | 'femaleLifeYears'
  | 'maleLifeYears'
  | 'fertilityProfile'
  | 'migrationProfile'
  | 'participationByAge'
  | 'pensionByAge'
  | 'socialAssistanceByAge'

/** `inputCoefficients` has a row per selling and a column per buying sector, imported inputs included. */
export type ParameterName = ScalarParameter | SectorParameter | AgeParameter | 'inputCoefficients'

/** All parameters of DCM-1 for one year. */
export type CityParameters = { readonly [K in ScalarParameter]: number } & { readonly [K in SectorParameter | AgeParameter]: readonly number[] } & {
  readonly inputCoefficients: readonly (readonly number[])[]
}

/** What is known of a parameter before any city: symbol in the equations, unit, allowed range, and the power of money in its unit (identity ID8). */
export interface ParameterDefinition {
  readonly symbol: string
  readonly shape: 'scalar' | 'sector' | 'age' | 'matrix'
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly moneyPower: -1 | 0 | 1
  /** Stocks of the first year cannot change later. */
  readonly initialOnly: boolean
  readonly meaning: string
}

/** Ages 0 to 100 and over. */
export const ageCount = 101

/** The elasticities by name. */
export const elasticities: readonly Elasticity[] = [
  'migrationElasticity',
  'fertilityElasticity',
  'participationElasticity',
  'productivityElasticity',
  'localSupplyElasticity',
]

/** Parameters that a city may leave out, since they mean "no such thing assumed". */
export const zeroByDefault: readonly ScalarParameter[] = ['extraPlatformOperation', 'extraPlatformInvestment', ...elasticities]

/** Parameters taken from one input-output table, which must share its year. */
export const tableParameters: readonly ParameterName[] = ['inputCoefficients', 'compensationShare', 'productionTaxShare', 'localSupplyShare']

const share = { unit: '1', min: 0, max: 1, moneyPower: 0 } as const
const perYear = { unit: 'money/year', min: 0, max: 1e15, moneyPower: 1 } as const
const growth = { unit: '1/year', min: -0.5, max: 0.5, moneyPower: 0 } as const
const effect = { unit: '1', min: -2, max: 2, moneyPower: 0 } as const
const persons = { unit: 'person', min: 0, max: 1e9, moneyPower: 0 } as const

/** The parameters of DCM-1 by name. */
export const parameterDefinitions: Readonly<Record<ParameterName, ParameterDefinition>> = {
  inputCoefficients: define('A', 'matrix', share, 'input of a good, local or imported, per unit of output'),
  compensationShare: define('omega', 'sector', share, 'compensation of employees per unit of output'),
  productionTaxShare: define('tp', 'sector', { ...share, min: -1 }, 'net taxes on production per unit of output'),
  localSupplyShare: define('d', 'sector', share, 'share of a good that is supplied within the city'),
  householdBasket: define('beta', 'sector', share, 'what households buy, by good; sums to one'),
  governmentBasket: define('g', 'sector', share, 'what the city buys, by good; sums to one'),
  investmentBasket: define('k', 'sector', share, 'what investment buys, by good; sums to one'),
  jobsPerOutput: define('ell', 'sector', { unit: 'job/money', min: 0, max: 1e9, moneyPower: -1 }, 'jobs per unit of output'),
  exports: define('e', 'sector', perYear, 'sales outside the city in the base year'),
  exportGrowth: define('gE', 'scalar', growth, 'growth of exports'),
  productivityGrowth: define('gProd', 'scalar', growth, 'growth of output per job, and of wages outside'),
  inCommuterShare: define('kappa', 'scalar', { ...share, max: 0.999 }, 'share of local wages and jobs that goes to people who live outside'),
  outCommuterShare: define('phi', 'scalar', share, 'share of the labour force that works outside'),
  outCommuterWage: define('wOut', 'scalar', { ...perYear, unit: 'money/person/year' }, 'wage of one out-commuter'),
  frictionalUnemployment: define('uMin', 'scalar', share, 'unemployment below which residents fill no further jobs'),
  localIncomeTax: define('tr', 'scalar', share, 'local income tax per labour income'),
  nationalIncomeTax: define('tn', 'scalar', share, 'national tax and contributions per labour income'),
  localSurplusTax: define('tc', 'scalar', share, 'local share of operating surplus'),
  nationalSurplusTax: define('tcn', 'scalar', share, 'national share of operating surplus'),
  propertyTax: define('tProp', 'scalar', perYear, 'property tax in the base year'),
  residentSurplusShare: define('rho', 'scalar', share, 'share of operating surplus paid to resident households'),
  retainedSurplusShare: define('theta', 'scalar', share, 'share of operating surplus retained in the city; the rest leaves'),
  consumptionPropensity: define('c1', 'scalar', share, 'consumption per disposable income'),
  outShoppingShare: define('sigma', 'scalar', share, 'share of household spending done outside the city'),
  propertyIncome: define('propIncome', 'scalar', perYear, 'property income of residents from outside'),
  cashAssistanceShare: define('saCash', 'scalar', share, 'share of social assistance paid in money'),
  governmentConsumption: define('Gc', 'scalar', perYear, 'consumption of the city without platform and assistance'),
  platformOperation: define('Pop', 'scalar', { ...perYear, min: 1e-9 }, 'operation of the social platform in the base year'),
  platformInvestment: define('Pinv', 'scalar', perYear, 'investment in the social platform in the base year'),
  extraPlatformOperation: define('policy.op', 'scalar', { ...perYear, min: -1e15 }, 'operation of the platform added by a measure'),
  extraPlatformInvestment: define('policy.inv', 'scalar', { ...perYear, min: -1e15 }, 'investment in the platform added by a measure'),
  baseGrant: define('grant0', 'scalar', perYear, 'grants from the state that depend on nothing'),
  assistanceGrantShare: define('grantSA', 'scalar', share, 'share of social assistance that the state refunds'),
  bondShare: define('bondShare', 'scalar', share, 'share of platform investment financed by bonds'),
  interestRate: define('r', 'scalar', { ...share, max: 0.5 }, 'interest on municipal debt'),
  debtMaturityYears: define('mat', 'scalar', { unit: 'year', min: 1, max: 200, moneyPower: 0 }, 'years over which debt is repaid'),
  initialDebt: define('D0', 'scalar', { ...perYear, unit: 'money' }, 'municipal debt at the start', true),
  initialFund: define('F0', 'scalar', { ...perYear, unit: 'money', min: -1e15 }, 'municipal fund at the start', true),
  investmentPropensity: define('iota', 'scalar', share, 'private investment per operating surplus of the year before'),
  laggedSurplus: define('Pi_lag', 'scalar', perYear, 'operating surplus of the year before the first', true),
  initialCapital: define('K0', 'scalar', { ...perYear, unit: 'money', min: 1e-9 }, 'capital of the social platform at the start', true),
  depreciation: define('deltaK', 'scalar', share, 'yearly loss of platform capital'),
  capitalWeight: define('alphaQ', 'scalar', share, 'weight of capital in the service level'),
  femaleByAge: define('N_f', 'age', persons, 'women by age at the start', true),
  maleByAge: define('N_m', 'age', persons, 'men by age at the start', true),
  femaleLifeYears: define('L_f', 'age', { unit: 'year', min: 1e-12, max: 100, moneyPower: 0 }, 'person-years lived by women, radix one'),
  maleLifeYears: define('L_m', 'age', { unit: 'year', min: 1e-12, max: 100, moneyPower: 0 }, 'person-years lived by men, radix one'),
  totalFertility: define('TFR', 'scalar', { unit: 'birth/woman', min: 0, max: 15, moneyPower: 0 }, 'births per woman over a life'),
  fertilityProfile: define('f_a', 'age', share, 'births by age of the mother; sums to one'),
  sexRatioAtBirth: define('srb', 'scalar', { unit: '1', min: 0.5, max: 2, moneyPower: 0 }, 'boys per girl at birth'),
  netMigration: define('mig0', 'scalar', { ...persons, unit: 'person/year', min: -1e8, max: 1e8 }, 'net migration into the city'),
  migrationProfile: define('m_a', 'age', share, 'net migrants by age; sums to one'),
  migrantFemaleShare: define('migF', 'scalar', share, 'share of women among net migrants'),
  participationByAge: define('part_a', 'age', share, 'labour-force participation by age'),
  pensionByAge: define('pension_a', 'age', { ...perYear, unit: 'money/person/year' }, 'pension by age'),
  socialAssistanceByAge: define('sa_a', 'age', { ...perYear, unit: 'money/person/year' }, 'social assistance by age'),
  migrationElasticity: define('eps.mig', 'scalar', effect, 'net migrants per resident and year when the service level rises by one'),
  fertilityElasticity: define('eps.fert', 'scalar', effect, 'elasticity of fertility to the service level'),
  participationElasticity: define('eps.part', 'scalar', effect, 'elasticity of the labour force to the service level'),
  productivityElasticity: define('eps.prod', 'scalar', effect, 'elasticity of output per job to the service level'),
  localSupplyElasticity: define('eps.loc', 'scalar', effect, 'rise of the local supply share when the service level rises by one'),
}

type Range = Pick<ParameterDefinition, 'unit' | 'min' | 'max' | 'moneyPower'>

function define(symbol: string, shape: ParameterDefinition['shape'], range: Range, meaning: string, initialOnly = false): ParameterDefinition {
  return { symbol, shape, ...range, initialOnly, meaning }
}
