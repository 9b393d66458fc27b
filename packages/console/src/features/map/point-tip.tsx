import type { Map as MapLibre, MapMouseEvent } from 'maplibre-gl'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Layer } from '../../layer/use-layers.ts'
import classes from './map.module.css'

/** Which point the mouse is over, and where on the screen. */
export type Tip = { readonly id: string; readonly type: string; readonly x: number; readonly y: number }

/** Follows the mouse over points, once a frame. */
export function usePointTip(map: MapLibre | null): Tip | null {
  const [tip, setTip] = useState<Tip | null>(null)
  useEffect(() => {
    if (map === null) return undefined
    let frame = 0
    const look = (event: MapMouseEvent): void => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => {
        const layers = map.getLayersOrder().filter((id) => id.startsWith('points:'))
        const found = layers.length === 0 ? undefined : map.queryRenderedFeatures(event.point, { layers })[0]
        map.getCanvas().style.cursor = found === undefined ? '' : 'pointer'
        setTip(
          found === undefined
            ? null
            : { id: String(found.properties['id']), type: found.source.replace(/^points:/, ''), x: event.point.x, y: event.point.y },
        )
      })
    }
    const leave = (): void => {
      cancelAnimationFrame(frame)
      setTip(null)
    }
    map.on('mousemove', look)
    map.on('mouseout', leave)
    map.on('movestart', leave)
    return () => {
      cancelAnimationFrame(frame)
      map.off('mousemove', look)
      map.off('mouseout', leave)
      map.off('movestart', leave)
    }
  }, [map])
  return tip
}

/** Name and value of the point beneath the mouse; the entity panel says the same to everybody. */
export function PointTip({ tip, layers }: { readonly tip: Tip | null; readonly layers: readonly Layer[] }): ReactNode {
  const { word, language } = useTexts()
  const rows = layers.find((layer) => layer.type === tip?.type)?.rows
  const row = tip === null ? undefined : rows?.rows.get(tip.id)
  if (tip === null || row === undefined || rows === null || rows === undefined) return null
  return (
    <div className={classes.tip} style={{ left: tip.x, top: tip.y }} aria-hidden>
      <strong>{row.label}</strong>
      {rows.attribute !== null && (
        <span className="numeric">
          {word(rows.attribute)}
          {': '}
          {row.value === null ? '–' : formatNumber(row.value, language)}
        </span>
      )}
    </div>
  )
}
