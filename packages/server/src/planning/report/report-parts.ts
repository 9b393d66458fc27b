import { type CircleArrow, limitLanguages, type LimitLanguage, limits, limitsOf } from '@cityloop/economy'
import { hypothesisWords } from './circles-figure.ts'
import { flowTexts } from './flow-texts.ts'
import { escaped, inFour, shown, t } from './markup.ts'
import type { FourTexts } from './texts.ts'

/** The limits of the two circles in all four languages, to stand beside every set of numbers. */
export function limitsBox(): string {
  const list = limitsOf.circles.map((limit) => `<li>${inFour(fourOf(limits[limit]))}</li>`)
  return `<section class="limits"><h3>${t('limitsTitle')}</h3><ul>${list.join('')}</ul></section>`
}

/** The arrows as a table: number, name, what it is, and a column of values per year shown. */
export function arrowTable(columns: readonly { readonly head: string; readonly arrows: readonly CircleArrow[] }[]): string {
  const [first] = columns
  if (first === undefined) return ''
  const rows = first.arrows.map((arrow, i) => {
    const values = columns.map(({ arrows }) => `<td>${arrowValue(arrows[i]!)}</td>`).join('')
    const { name, meaning } = flowTexts[arrow.measure]
    return `<tr><th>${i + 1} · ${inFour(name)}</th><td class="text">${inFour(meaning)}</td>${values}</tr>`
  })
  const heads = columns.map(({ head }) => `<th>${head}</th>`).join('')
  return `<table><thead><tr><th>${t('arrow')}</th><th class="text">${t('meaning')}</th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** What the strokes of the circles mean. */
export function circlesKey(): string {
  return strokesKey([
    ['var(--inner)', '', t('legendInner')],
    ['var(--outer)', '', t('legendOuter')],
    ['var(--cross)', '', t('legendCross')],
    ['var(--world)', '', t('legendWorld')],
    ['var(--guess)', ' stroke-dasharray="8 5"', t('legendHypothesis')],
    ['var(--none)', '', t('legendNoData')],
  ])
}

/** A key of strokes: colour, dashes, words. */
export function strokesKey(entries: readonly (readonly [string, string, string])[]): string {
  const stroke = (colour: string, dash: string): string =>
    `<svg width="44" height="8" viewBox="0 0 44 8"><line x1="0" x2="44" y1="4" y2="4" stroke="${colour}" stroke-width="4"${dash}/></svg>`
  return `<div class="key">${entries.map(([colour, dash, words]) => `<span>${stroke(colour, dash)}${words}</span>`).join('')}</div>`
}

/** How a table is set: a foot, a class, and the columns that hold texts instead of numbers. */
export interface TableSetting {
  readonly foot?: readonly string[]
  readonly kind?: string
  readonly texts?: readonly number[]
}

/** A plain table of heads and rows, of which the first cell is the name of the row. All cells are markup. */
export function plainTable(heads: readonly string[], rows: readonly (readonly string[])[], setting: TableSetting = {}): string {
  const kindOf = (cell: string, column: number): string => (cell === '0' ? ' class="zero"' : setting.texts?.includes(column) ? ' class="text"' : '')
  const line = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell, i) => (i === 0 ? `<th>${cell}</th>` : `<td${kindOf(cell, i)}>${cell}</td>`)).join('')}</tr>`
  const head = heads.map((words, i) => `<th${setting.texts?.includes(i) ? ' class="text"' : ''}>${words}</th>`).join('')
  const foot = setting.foot === undefined ? '' : `<tfoot>${line(setting.foot)}</tfoot>`
  return `<table class="${setting.kind ?? ''}"><thead><tr>${head}</tr></thead><tbody>${rows.map(line).join('')}</tbody>${foot}</table>`
}

/** A figure with its caption. */
export function figure(caption: string, note: string, drawing: string): string {
  return `<figure><figcaption>${caption} <small>${note}</small></figcaption>${drawing}</figure>`
}

/** A record by language as four texts. */
export function fourOf(words: Readonly<Record<LimitLanguage, string>>): FourTexts {
  const [en, es, pt, ja] = limitLanguages.map((language) => words[language])
  return [en!, es!, pt!, ja!]
}

function arrowValue(arrow: CircleArrow): string {
  if (arrow.state === 'noData') return `<span class="quiet">${t('noData')}</span>`
  const words = hypothesisWords(arrow, inFour)
  if (words !== undefined) return words
  return arrow.unit === 'person' ? `${shown(arrow.value ?? 0)} ${t('people')}` : escaped(shown(arrow.value ?? 0))
}
