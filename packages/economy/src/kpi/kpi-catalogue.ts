/** Which way is better; `context` is neither and never coloured. */
export type Direction = 'higher' | 'lower' | 'context'

/** One indicator. Formulas read the series by name; `unit` is a UN/CEFACT code, or words where there is none. */
export interface KpiDefinition {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly formula: string
  readonly unit: string
  readonly direction: Direction
  readonly domain: string
  /** Series that count residents; a value resting on fewer than ten of them is withheld. */
  readonly persons: readonly string[]
  /** Where frameworks speak of the same thing, by number only. */
  readonly links: readonly string[]
}

/** ISO numbers are those of ISO 37120:2014; later editions number anew. */
const iso = (number: string): string => `ISO 37120:2014 ${number}`

/** The 38 indicators of the first catalogue. */
export const kpiCatalogue: readonly KpiDefinition[] = [
  kpi('ec.gva_pc', 'Value added per resident', 'gva / population', 'money/person', 'higher', 'economy', ['DCM-1']),
  kpi('ec.circulation', 'Circulation rate', '100 * gva / (gva + net_income_inflow)', 'P1', 'context', 'economy', ['DCM-1', 'RESAS']),
  kpi(
    'ec.local_share',
    'Local share of household spending',
    '100 * (consumption - imported_consumption - out_shopping) / consumption',
    'P1',
    'higher',
    'economy',
    ['DCM-1'],
  ),
  kpi('ec.mult2', 'Induced output multiplier', 'weightedMean(type2_multiplier, final_demand)', 'C62', 'context', 'economy', ['DCM-1']),
  kpi('ec.unemp', 'Unemployment', '100 * unemployed / labour_force', 'P1', 'lower', 'economy', [iso('5.1'), 'DCM-1'], ['unemployed']),
  kpi(
    'ec.youth_unemp',
    'Youth unemployment, 15 to 24',
    '100 * youth_unemployed / youth_labour_force',
    'P1',
    'lower',
    'economy',
    [iso('5.5')],
    ['youth_unemployed'],
  ),
  kpi('ec.fulltime', 'Full-time employment', '100 * fulltime_employed / population', 'P1', 'higher', 'economy', [iso('5.4')], ['fulltime_employed']),
  kpi('ec.business_density', 'Businesses per 100,000 residents', '100000 * establishments / population', 'C62', 'higher', 'industry', [iso('5.6')]),
  kpi('ec.patents', 'New patents per 100,000 residents and year', '100000 * patents / population', 'C62', 'higher', 'innovation', [iso('5.7')]),
  kpi(
    'ec.poverty',
    'Residents under the national poverty line',
    '100 * poor_residents / population',
    'P1',
    'lower',
    'welfare',
    [iso('5.3')],
    ['poor_residents'],
  ),
  kpi('ec.commute_balance', 'Day to night population', '100 * day_population / population', 'P1', 'context', 'economy', ['DCM-1']),
  kpi('ec.visitor_nights', 'Visitor nights per resident and year', 'visitor_nights / population', 'C62', 'context', 'tourism', []),
  kpi('fi.own_revenue', 'Own-source revenue', '100 * (own_taxes + own_fees) / revenue', 'P1', 'higher', 'finance', [
    'ISO 37120:2014 finance',
    'DCM-1',
  ]),
  kpi('fi.balance', 'Real balance', '100 * (revenue - expenditure - carry_over) / revenue', 'P1', 'context', 'finance', ['DCM-1']),
  kpi('fi.debt_ratio', 'Debt to current revenue', '100 * debt / current_revenue', 'P1', 'lower', 'finance', ['DCM-1']),
  kpi('fi.social_share', 'Social assistance in expenditure', '100 * social_assistance / expenditure', 'P1', 'context', 'finance', ['DCM-1']),
  kpi('fi.execution', 'Budget execution of platform items', '100 * sum(spent) / sum(planned)', 'P1', 'context', 'finance', ['PDCA Do']),
  kpi('pop.total', 'Population', 'population', 'C62', 'context', 'population', ['DCM-1']),
  kpi(
    'pop.share65',
    'Residents of 65 and over',
    '100 * population_65_over / population',
    'P1',
    'context',
    'population',
    ['DCM-1'],
    ['population_65_over'],
  ),
  kpi('pop.depend', 'Dependency ratio', '100 * (population_0_14 + population_65_over) / population_15_64', 'P1', 'context', 'population', ['DCM-1']),
  kpi(
    'pop.net_mig',
    'Net migration per 1,000 residents',
    '1000 * (immigrants - emigrants) / population',
    'C62',
    'context',
    'population',
    ['DCM-1'],
    ['immigrants', 'emigrants'],
  ),
  kpi('pop.tfr', 'Total fertility', 'sum(fertility_by_single_age)', 'C62', 'context', 'population', ['DCM-1']),
  kpi(
    'sp.service_q',
    'Platform service index',
    '(capital / (base_capital_per_head * population)) ^ capital_weight * (operation / (base_operation_per_head * population)) ^ (1 - capital_weight)',
    'C62',
    'higher',
    'platform',
    ['DCM-1 E1'],
  ),
  kpi('sp.online', 'Procedures completed online', '100 * procedures_online / procedures', 'P1', 'higher', 'digital', ['ISO 37122 theme']),
  kpi('sp.response', 'Days from report to resolution, median', 'median(resolution_days)', 'DAY', 'lower', 'public works', ['Open311']),
  kpi(
    'sp.participation',
    'Participants per 1,000 residents and year',
    '1000 * participants / population',
    'C62',
    'higher',
    'governance',
    ['SDG 11.3.2'],
    ['participants'],
  ),
  kpi('sp.satisfaction', 'Service satisfaction, 0 to 4', 'mean(satisfaction_score)', 'C62', 'higher', 'well-being', ['local survey']),
  kpi(
    'mo.pt_access',
    'Residents within 500 m of a stop',
    '100 * residents_near_stop / population',
    'P1',
    'higher',
    'mobility',
    ['SDG 11.2.1'],
    ['residents_near_stop'],
  ),
  kpi('mo.delay', 'Road delay in the peak', '100 * (mean(travel_time_ratio) - 1)', 'P1', 'lower', 'mobility', ['sensors']),
  kpi('mo.parking_turn', 'Arrivals per bay and day', 'sum(parking_arrivals) / (parking_bays * days)', 'C62', 'context', 'mobility', ['sensors']),
  kpi('en.pm25', 'PM2.5, weighted by residents', 'weightedMean(pm25_annual_mean, residents_by_zone)', 'GQ', 'lower', 'environment', ['SDG 11.6.2']),
  kpi(
    'en.noise',
    'Residents over 50 dB at night',
    '100 * residents_over_50_db / population',
    'P1',
    'lower',
    'environment',
    ['sensors'],
    ['residents_over_50_db'],
  ),
  kpi('en.co2_pc', 'Greenhouse gases per resident', 'emissions_t / population', 'TNE', 'lower', 'environment', []),
  kpi('en.elec_pc', 'Electricity per resident', 'electricity_kwh / population', 'KWH', 'lower', 'energy', []),
  kpi('wa.recycle', 'Recycling rate', '100 * recycled_mass / collected_mass', 'P1', 'higher', 'waste', ['SDG 11.6.1']),
  kpi('wa.km_per_t', 'Truck kilometres per collected tonne', 'truck_km / collected_t', 'KMT', 'lower', 'waste', []),
  kpi('sa.crashes', 'Killed or seriously injured on roads per 100,000', '100000 * killed_or_injured / population', 'C62', 'lower', 'safety', []),
  kpi(
    're.alert_reach',
    'Residents reached within 10 minutes in drills',
    '100 * residents_reached / residents_addressed',
    'P1',
    'higher',
    'resilience',
    ['SDG 11.b'],
    ['residents_reached'],
  ),
]

/** The definition of that id; `undefined` when the catalogue has none. */
export function findKpi(id: string): KpiDefinition | undefined {
  return kpiCatalogue.find((definition) => definition.id === id)
}

function kpi(
  id: string,
  name: string,
  formula: string,
  unit: string,
  direction: Direction,
  domain: string,
  links: readonly string[],
  persons: readonly string[] = [],
): KpiDefinition {
  return { id, version: 1, name, formula, unit, direction, domain, persons, links }
}
