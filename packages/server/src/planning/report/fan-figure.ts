import { escaped, shown } from './markup.ts'

/** A line over years with optional bands (`fanProbabilities` of the engine), and a second line to compare with. */
export interface FanSeries {
  readonly years: readonly number[]
  readonly line: readonly number[]
  readonly bands?: readonly (readonly number[])[]
  readonly other?: readonly number[]
  /** Writes a value at the axis. */
  readonly show?: (value: number) => string
}

/** A fan chart as SVG with labelled axes; the zero line is drawn when it lies within. */
export function fanFigure(series: FanSeries, label: string): string {
  const show = series.show ?? ((value: number) => shown(value))
  const values = [...series.line, ...(series.other ?? []), ...(series.bands ?? []).flatMap((band) => [band[0]!, band.at(-1)!])]
  const [low, high] = widened(Math.min(...values), Math.max(...values))
  const { left, right, top, bottom } = frame
  const first = series.years[0]!
  const last = series.years.at(-1)!
  const x = (year: number): number => (last === first ? left : left + ((year - first) / (last - first)) * (right - left))
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top)
  const ticks = ticksOf(low, high)
  const gridded = ticks
    .map(
      (tick) =>
        `<line x1="${left}" x2="${right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}" stroke="var(--line)"/><text x="${left - 6}" y="${fixed(y(tick) + 4)}" text-anchor="end" fill="var(--quiet)" font-size="12">${escaped(show(tick))}</text>`,
    )
    .join('')
  const yearTicks = [first, Math.round((first + last) / 2), last].filter((year, i, all) => all.indexOf(year) === i)
  const dated = yearTicks
    .map(
      (year) =>
        `<text x="${fixed(x(year))}" y="${bottom + 18}" text-anchor="${year === last && year !== first ? 'end' : 'middle'}" fill="var(--quiet)" font-size="12">${year}</text>`,
    )
    .join('')
  const band = (lower: number, upper: number, fill: string): string => {
    if (series.bands === undefined) return ''
    const there = series.bands.map((row, i) => `${fixed(x(series.years[i]!))} ${fixed(y(row[upper]!))}`)
    const back = series.bands.map((row, i) => `${fixed(x(series.years[i]!))} ${fixed(y(row[lower]!))}`).toReversed()
    return `<path d="M${[...there, ...back].join(' L')} Z" fill="${fill}"/>`
  }
  const line = (points: readonly number[], stroke: string, dash = ''): string =>
    `<path d="M${points.map((value, i) => `${fixed(x(series.years[i]!))} ${fixed(y(value))}`).join(' L')}" fill="none" stroke="${stroke}" stroke-width="2.4"${dash}/>`
  const zero =
    low < 0 && high > 0 ? `<line x1="${left}" x2="${right}" y1="${fixed(y(0))}" y2="${fixed(y(0))}" stroke="var(--quiet)" stroke-width="1.2"/>` : ''
  const other = series.other === undefined ? '' : line(series.other, 'var(--cross)', ' stroke-dasharray="6 5"')
  return (
    `<svg viewBox="0 0 360 210" role="img" aria-label="${escaped(label)}">${band(0, 6, 'var(--band1)')}${band(2, 4, 'var(--band2)')}${gridded}${zero}${dated}` +
    `${line(series.line, 'var(--inner)')}${other}</svg>`
  )
}

const frame = { left: 72, right: 346, top: 12, bottom: 180 }

function widened(low: number, high: number): readonly [number, number] {
  const spread = high - low
  if (spread > 1e-12 * Math.max(1, Math.abs(high))) return [low - 0.06 * spread, high + 0.06 * spread]
  const around = Math.max(Math.abs(high) * 0.01, 1)
  return [low - around, high + around]
}

function ticksOf(low: number, high: number): number[] {
  const raw = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 2.5, 5, 10].find((size) => size * power >= raw) ?? 10) * power
  const start = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - start + 1 }, (_, i) => (start + i) * step)
}

function fixed(value: number): string {
  return value.toFixed(1)
}
