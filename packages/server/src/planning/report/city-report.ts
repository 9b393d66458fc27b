import {
  accountResiduals,
  circleFlows,
  type CityInputs,
  type CityMultipliers,
  type CityOutput,
  type CityRun,
  type CityYear,
  type DatedValue,
  type Ensemble,
  institutions,
  type LimitLanguage,
  parameterDefinitions,
  type ParameterKind,
  type ParameterName,
} from '@cityloop/economy'
import { circlesFigure, type NodeFacts } from './circles-figure.ts'
import { fanFigure } from './fan-figure.ts'
import { escaped, inFour, page, percent, shown, t } from './markup.ts'
import { identityTexts } from './identity-texts.ts'
import { indicatorTable } from './indicator-table.ts'
import { pyramidFigure } from './pyramid-figure.ts'
import { arrowTable, circlesKey, figure, limitsBox, plainTable, strokesKey } from './report-parts.ts'
import { style } from './style.ts'
import { type TextKey, texts } from './texts.ts'

/** What a report of a run shows; `scenario` and `ensemble` add comparison and bands. */
export interface CityReport {
  readonly run: CityRun
  readonly inputs: CityInputs
  readonly kinds: Readonly<Record<ParameterKind, number>>
  readonly inForce: { readonly [K in ParameterName]?: DatedValue }
  readonly multipliers: CityMultipliers
  readonly scenario?: { readonly title: string; readonly run: CityRun; readonly inputs: CityInputs }
  readonly ensemble?: Ensemble
  readonly language?: LimitLanguage
}

/** The single-file report of a run. The same input gives the same bytes. */
export function cityReport(report: CityReport): string {
  const { run, kinds } = report
  const body = [
    `<h1>${escaped(run.name)}: ${t('title')}</h1>`,
    `<p class="quiet">DCM-1 · ${run.baseYear}–${run.years.at(-1)!.calendarYear} · ${escaped(run.moneyUnit)} ${t('perYear')} · ${kinds.observed} + ${kinds.derived} + ${kinds.assumed} ${t('kinds')}</p>`,
    kinds.assumed > kinds.observed + kinds.derived ? `<p class="ribbon">${t('mostlyAssumed')}</p>` : '',
    `<p>${assumption(report.scenario?.run ?? run)}</p>`,
    circles(report),
    limitsBox(),
    indicatorTable(run, report.scenario),
    overYears(report),
    report.scenario === undefined ? '' : effects(report),
    pyramids(report.scenario?.run ?? run),
    matrix(run),
    checks(run),
    multipliers(report),
    parameters(report),
    `<footer>SHA-256 ${run.inputsHash}${report.ensemble === undefined ? '' : ` · ${escaped(report.ensemble.algorithm)}, seed ${report.ensemble.seed}, ${report.ensemble.draws} draws`}</footer>`,
  ]
  return page(`${run.name}: ${texts.title[0]}`, report.language ?? 'en', style, body.join('\n'))
}

function assumption({ assumes }: CityRun): string {
  return assumes === 'accounting only' ? t('accountingOnly') : `${t('assumes')} ${escaped(assumes.join(', '))}.`
}

function circles({ run, inputs, scenario }: CityReport): string {
  const first = run.years[0]!
  const last = run.years.at(-1)!
  const columns = [
    { head: `${first.calendarYear}`, arrows: circleFlows(inputs, first) },
    ...(last === first ? [] : [{ head: `${last.calendarYear}`, arrows: circleFlows(inputs, last) }]),
  ]
  const changed =
    scenario === undefined
      ? []
      : [{ head: `${last.calendarYear}, ${escaped(scenario.title)}`, arrows: circleFlows(scenario.inputs, scenario.run.years.at(-1)!) }]
  return (
    `<h2>${t('circlesTitle')} ${first.calendarYear}</h2><p>${t('howToRead')}</p>${circlesKey()}` +
    `<div class="sheet" tabindex="0">${circlesFigure(columns[0]!.arrows, factsOf(first), `${run.name}, ${first.calendarYear}`)}</div>` +
    `<div class="sheet" tabindex="0">${arrowTable([...columns, ...changed])}</div>`
  )
}

function factsOf(year: CityYear): NodeFacts {
  return {
    industry: { value: shown(year.gva), words: texts.gva, wordsFirst: true },
    employment: { value: shown(year.jobs), words: texts.jobs },
    consumption: { value: shown(year.consumption), words: texts.perYear },
    population: { value: shown(year.population), words: texts.people },
    finance: { value: shown(year.fundChange), words: texts.deficit, wordsFirst: true },
    platform: { value: year.serviceLevel.toFixed(3), words: texts.serviceLevel, wordsFirst: true },
  }
}

/** Outputs drawn over the years, with how their values are written. */
const drawn: readonly { readonly output: CityOutput; readonly name: TextKey; readonly show?: (value: number) => string }[] = [
  { output: 'population', name: 'population' },
  { output: 'gva', name: 'gva' },
  { output: 'disposableIncome', name: 'disposableIncome' },
  { output: 'fund', name: 'fund' },
  { output: 'debt', name: 'debt' },
  { output: 'unemployment', name: 'unemployment', show: (value) => percent(value) },
  { output: 'circulation', name: 'circulation', show: (value) => percent(value) },
  { output: 'share65', name: 'share65', show: (value) => percent(value) },
  { output: 'serviceLevel', name: 'serviceLevel', show: (value) => value.toFixed(3) },
]

/** Outputs that an ensemble of a report should draw. */
export const fanOutputs: readonly CityOutput[] = drawn.map(({ output }) => output)

function overYears({ run, scenario, ensemble }: CityReport): string {
  const years = run.years.map(({ calendarYear }) => calendarYear)
  const figures = drawn.map(({ output, name, show }) => {
    const bands = ensemble?.fans.find((fan) => fan.kind === 'base' && fan.output === output)?.bands
    const line = run.years.map((year) => year[output])
    const other = scenario?.run.years.map((year) => year[output])
    return figure(t(name), '', fanFigure({ years, line, bands, other, show }, texts[name][0]))
  })
  const note = ensemble === undefined ? t('nothingDrawn') : t('fanNote')
  const key =
    scenario === undefined
      ? ''
      : strokesKey([
          ['var(--inner)', '', t('solidBase')],
          ['var(--cross)', ' stroke-dasharray="6 5"', escaped(scenario.title)],
        ])
  return `<h2>${t('years')}</h2><p class="quiet">${note}</p>${key}<div class="sheet figures">${figures.join('')}</div>`
}

function effects({ run, scenario, ensemble }: CityReport): string {
  const years = run.years.map(({ calendarYear }) => calendarYear)
  const figures = drawn
    .filter(({ output }) => output === 'population' || output === 'gva' || output === 'fund')
    .map(({ output, name }) => {
      const fan = ensemble?.fans.find((one) => one.kind === 'difference' && one.output === output)
      const line = scenario!.run.years.map((year, i) => year[output] - run.years[i]![output])
      const chance = fan === undefined ? '' : `${percent(fan.positiveShare.at(-1)!, 0)} ${t('chanceAbove')}`
      return figure(t(name), chance, fanFigure({ years, line, bands: fan?.bands }, texts[name][0]))
    })
  return `<h2>${t('effectTitle')}: ${escaped(scenario!.title)}</h2><div class="sheet figures">${figures.join('')}</div>`
}

function pyramids(run: CityRun): string {
  const last = run.years.length - 1
  const chosen = [...new Set([0, Math.round(last / 3), Math.round((2 * last) / 3), last])].map((t) => run.years[t]!)
  const largest = Math.max(...chosen.flatMap((year) => [...year.femaleByAge, ...year.maleByAge]))
  const figures = chosen.map((year) =>
    figure(`${year.calendarYear}`, `${shown(year.population)} ${t('people')}`, pyramidFigure(year, chosen[0]!, largest)),
  )
  return `<h2>${t('pyramids')}</h2><p class="quiet">${t('pyramidNote')}</p><div class="sheet figures pyramids">${figures.join('')}</div>`
}

function matrix(run: CityRun): string {
  const year = run.years[0]!
  const accounts = [...run.sectors.map(escaped), ...institutions.map((name) => t(name))]
  const sums = year.matrix.map((row) => row.reduce((total, value) => total + value, 0))
  const cell = (value: number): string => (value === 0 ? '0' : shown(value))
  const rows = year.matrix.map((row, i) => [accounts[i]!, ...row.map(cell), shown(sums[i]!)])
  const residuals = [t('residual'), ...accountResiduals(year.matrix).map((value) => shown(value)), '']
  const table = plainTable([t('account'), ...accounts, t('total')], rows, { foot: residuals, kind: 'sam' })
  return `<h2>${t('matrixTitle')}, ${year.calendarYear}</h2><p>${t('matrixNote')}</p><div class="sheet" tabindex="0">${table}</div>`
}

function checks(run: CityRun): string {
  const rows = run.checks.map(({ identity, residual, notTested }) => [
    identity,
    inFour(identityTexts[identity]),
    notTested === undefined ? residual.toExponential(1) : `${t('notTested')}: <span lang="en">${escaped(notTested)}</span>`,
  ])
  const table = plainTable([t('identity'), t('meaning'), t('largestResidual')], rows, { texts: [1] })
  return `<h2>${t('identitiesTitle')}</h2><div class="sheet" tabindex="0">${table}</div>`
}

function multipliers({ run, multipliers: m }: CityReport): string {
  const rows = run.sectors.map((sector, i) => [
    escaped(sector),
    m.outputTypeI[i]!.toFixed(3),
    m.outputTypeIISlack[i]!.toFixed(3),
    m.outputTypeIITight[i]!.toFixed(3),
  ])
  return `<h2>${t('multipliersTitle')}</h2><div class="sheet" tabindex="0">${plainTable([t('sector'), t('typeI'), t('typeII'), t('typeIITight')], rows)}</div>${limitsBox()}`
}

function parameters({ inForce }: CityReport): string {
  const rows = (Object.keys(parameterDefinitions) as ParameterName[]).flatMap((name) => {
    const dated = inForce[name]
    if (dated === undefined) return []
    const value = typeof dated.value === 'number' ? shown(dated.value) : '…'
    return [[`<code>${name}</code>`, value, escaped(parameterDefinitions[name].unit), dated.kind, String(dated.year), escaped(dated.source)]]
  })
  const table = plainTable([t('parameter'), t('value'), t('unit'), t('kind'), t('year'), t('source')], rows, { texts: [3, 5] })
  return `<details><summary>${t('parametersTitle')}</summary><div class="sheet" tabindex="0">${table}</div></details>`
}
