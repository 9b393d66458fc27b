import { type CityRun, type CityYear, findKpi, kpiName, limitLanguages } from '@cityloop/economy'
import { escaped, inFour, percent, shown, t } from './markup.ts'
import { plainTable } from './report-parts.ts'

/**
 * Indicators of the catalogue that a run answers by their own formula. Left out are those that need rows no run has (businesses, days, trips) or whose
 * formula the model divides otherwise (assistance by expenditure).
 */
export const runIndicators: readonly { readonly id: string; readonly of: (year: CityYear) => number; readonly show: (value: number) => string }[] = [
  { id: 'pop.total', of: (year) => year.population, show: shown },
  { id: 'pop.share65', of: (year) => year.share65, show: percent },
  { id: 'pop.depend', of: (year) => year.dependency, show: percent },
  { id: 'pop.net_mig', of: (year) => (1000 * year.netMigration) / year.population, show: shown },
  { id: 'pop.tfr', of: (year) => year.totalFertility, show: shown },
  { id: 'ec.gva_pc', of: (year) => year.gvaPerResident, show: shown },
  { id: 'ec.unemp', of: (year) => year.unemployment, show: percent },
  { id: 'ec.circulation', of: (year) => year.circulation, show: percent },
  { id: 'ec.local_share', of: (year) => year.localShare, show: percent },
  { id: 'fi.debt_ratio', of: (year) => year.debtRatio, show: percent },
  { id: 'sp.service_q', of: (year) => year.serviceLevel, show: shown },
]

/** The indicators of the first and the last year of a run, and of the last one under a scenario. */
export function indicatorTable(run: CityRun, scenario?: { readonly title: string; readonly run: CityRun }): string {
  const last = run.years.at(-1)!
  const columns = [
    { head: `${run.years[0]!.calendarYear}`, year: run.years[0]! },
    ...(run.years.length === 1 ? [] : [{ head: `${last.calendarYear}`, year: last }]),
    ...(scenario === undefined ? [] : [{ head: `${last.calendarYear}, ${escaped(scenario.title)}`, year: scenario.run.years.at(-1)! }]),
  ]
  const rows = runIndicators.map(({ id, of, show }) => [`${nameOf(id)} <code>${id}</code>`, ...columns.map(({ year }) => show(of(year)))])
  const table = plainTable([t('indicator'), ...columns.map(({ head }) => head)], rows)
  return `<h2>${t('indicatorsTitle')}</h2><div class="sheet" tabindex="0">${table}</div>`
}

function nameOf(id: string): string {
  const definition = findKpi(id)
  if (definition === undefined) throw new Error(`the catalogue has no indicator ${id}`)
  const [en, es, pt, ja] = limitLanguages.map((language) => kpiName(definition, language))
  return inFour([en!, es!, pt!, ja!])
}
