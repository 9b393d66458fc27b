import { escaped, inFourSvg, shown } from './markup.ts'
import { texts } from './texts.ts'

/** Residents by single age of one year. */
export interface PyramidYear {
  readonly calendarYear: number
  readonly femaleByAge: readonly number[]
  readonly maleByAge: readonly number[]
}

/** A pyramid as SVG on a scale shared by all years, with the outline of the first year behind it. */
export function pyramidFigure(year: PyramidYear, first: PyramidYear, largest: number): string {
  const rows = year.femaleByAge.length
  const height = 2.2
  const bottom = 20 + rows * height
  const middle = 180
  const scale = 150 / largest
  const y = (age: number): number => bottom - (age + 1) * height
  const steps = (persons: readonly number[], side: number): string =>
    persons.map((count, age) => `${(middle + side * count * scale).toFixed(1)} ${(y(age) + height).toFixed(1)} V${y(age).toFixed(1)}`).join(' L')
  const area = (persons: readonly number[], side: number, fill: string): string =>
    `<path d="M${middle} ${bottom} L${steps(persons, side)} L${middle} ${y(rows - 1).toFixed(1)} Z" fill="${fill}"/>`
  const outline = (persons: readonly number[], side: number): string =>
    `<path d="M${steps(persons, side)}" fill="none" stroke="var(--ink)" stroke-width="1"/>`
  const bars = area(year.femaleByAge, -1, 'var(--outer)') + area(year.maleByAge, 1, 'var(--inner)')
  const ages = [0, 20, 40, 65, 80, 100].map(
    (age) =>
      `<text x="4" y="${(y(age) + 4).toFixed(1)}" fill="var(--quiet)" font-size="11">${age}</text><line x1="24" x2="336" y1="${(y(age) + height).toFixed(1)}" y2="${(y(age) + height).toFixed(1)}" stroke="var(--line)"/>`,
  )
  const total = [...year.femaleByAge, ...year.maleByAge].reduce((sum, persons) => sum + persons, 0)
  const label = escaped(`${year.calendarYear}: ${shown(total)}`)
  const before = year === first ? '' : outline(first.femaleByAge, -1) + outline(first.maleByAge, 1)
  const side = (x: number, anchor: string, words: string): string =>
    `<text x="${x}" y="${bottom + 16}" text-anchor="${anchor}" fill="var(--quiet)" font-size="12">${words}</text>`
  const sides = side(middle - 12, 'end', `← ${inFourSvg(texts.women)}`) + side(middle + 12, 'start', `${inFourSvg(texts.men)} →`)
  return `<svg viewBox="0 0 360 ${bottom + 24}" role="img" aria-label="${label}">${ages.join('')}${bars}${before}${sides}</svg>`
}
