import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import UPlot from 'uplot'
import { formatTimeOfDay } from '../../format/civil-time.ts'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Evolution } from './evolution.ts'
import classes from './entity.module.css'

type LineChartProps = {
  readonly evolution: Evolution
  readonly fromMs: number
  readonly toMs: number
  readonly timeZone: string
  readonly theme: 'light' | 'dark'
  readonly label: string
}

const heightPx = 170
const ink = {
  light: { line: '#0b7285', fill: 'rgb(11 114 133 / 12%)', text: '#4d5d6d', grid: '#e3e8ed' },
  dark: { line: '#56cfe1', fill: 'rgb(86 207 225 / 12%)', text: '#a3b3c2', grid: '#24313d' },
}

/** The line; it breaks where values are missing. Its twin in words is the label, and the table beside it. */
export function LineChart(props: LineChartProps): ReactNode {
  const { language } = useTexts()
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const { evolution, fromMs, toMs, timeZone, theme } = props

  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const colour = ink[theme]
    const axis = {
      stroke: colour.text,
      grid: { stroke: colour.grid, width: 1 },
      ticks: { stroke: colour.grid, width: 1 },
      font: "11px 'Cityloop Sans'",
    }
    const made = new UPlot(
      {
        width: Math.max(200, element.clientWidth),
        height: heightPx,
        ms: 1,
        legend: { show: false },
        cursor: { points: { size: 7 }, drag: { x: false, y: false } },
        padding: [10, 12, 0, 0],
        scales: { x: { time: true, range: (plotted) => (plotted as RangedPlot).shown ?? [0, 1] } },
        axes: [
          { ...axis, size: 30, space: 56, values: (_, splits) => splits.map((at) => formatTimeOfDay(at, language, timeZone)) },
          { ...axis, size: 52, values: (_, splits) => splits.map((value) => formatNumber(value, language)) },
        ],
        series: [{}, { stroke: colour.line, fill: colour.fill, width: 1.75, spanGaps: false, points: { size: 4 } }],
      },
      [[], []],
      element,
    )
    plot.current = made
    const resizing = new ResizeObserver(() => made.setSize({ width: Math.max(200, element.clientWidth), height: heightPx }))
    resizing.observe(element)
    return () => {
      resizing.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [theme, language, timeZone])

  useEffect(() => {
    const made: RangedPlot | null = plot.current
    if (made === null) return
    made.shown = [fromMs, toMs]
    made.setData([[...evolution.atMs], [...evolution.values]])
  }, [evolution, fromMs, toMs, theme, language, timeZone])

  return <div ref={frame} className={classes.plot} role="img" aria-label={props.label} style={{ height: heightPx }} />
}

/** uPlot asks for the range while it is being made and at each new data; what it is to show goes with it. */
type RangedPlot = UPlot & { shown?: [number, number] }
