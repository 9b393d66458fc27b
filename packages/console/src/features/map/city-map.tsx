import type { Map as MapLibre } from 'maplibre-gl'
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from 'react'
import type { ReactNode, Ref } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Row } from '../../layer/layer-rows.ts'
import { lookOf } from '../../layer/layer-look.ts'
import type { Theme } from '../../layer/layer-look.ts'
import type { Layer } from '../../layer/use-layers.ts'
import type { Basemap } from './base-style.ts'
import { createMap, markSelection, paintTheme, selectionLayerId } from './create-map.ts'
import type { Camera } from './create-map.ts'
import { extentOf } from './extent.ts'
import { MapButtons } from './map-buttons.tsx'
import { PointLayer, pointSourceId } from './point-layer.ts'
import { PointTip, usePointTip } from './point-tip.tsx'
import { Sources } from './sources.tsx'
import classes from './map.module.css'

/** What others may ask of the map. */
export type MapHandle = {
  readonly showRows: (rows: Iterable<Row>) => void
  readonly showPlace: (lon: number, lat: number) => void
}

/** What the map shows and tells. */
export type CityMapProps = {
  readonly basemap: Basemap
  readonly theme: Theme
  readonly types: readonly string[]
  readonly layers: readonly Layer[]
  readonly selection: { readonly id: string; readonly lon: number; readonly lat: number; readonly label: string } | null
  /** Where to look first; null looks at all rows once they are there. */
  readonly camera: Camera | null
  readonly home: Camera
  readonly onCamera: (camera: Camera) => void
  readonly onSelect: (id: string, type: string) => void
  readonly ref?: Ref<MapHandle>
}

/** The map with its points, buttons and sources. Its twin for those who see no map is each layer's list. */
export function CityMap(props: CityMapProps): ReactNode {
  const { t } = useTexts()
  const { map, error, container } = useMap(props)
  const tip = usePointTip(map)
  const showRows = (rows: Iterable<Row>): void => {
    const extent = extentOf(rows)
    if (extent !== null) map?.fitBounds([...extent], { padding: 48, maxZoom: 15, duration: 0 })
  }
  useImperativeHandle(props.ref, () => ({
    showRows,
    showPlace: (lon, lat) => map?.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 15) }),
  }))
  return (
    <section className={classes.map} aria-label={t('map.region')} id="map" tabIndex={-1}>
      <div ref={container} className={classes.canvas} />
      {error !== null && (
        <p className={classes.failure} role="alert">
          {error.includes('WebGL') ? t('map.noWebgl') : t('map.failed', { reason: error })}
        </p>
      )}
      {map !== null && <MapButtons map={map} onHome={() => showRows(props.layers.flatMap((layer) => [...(layer.rows?.rows.values() ?? [])]))} />}
      <PointTip tip={tip} layers={props.layers} />
      <Sources basemap={props.basemap} layers={props.layers} />
    </section>
  )
}

function useMap(props: CityMapProps): { map: MapLibre | null; error: string | null; container: Ref<HTMLDivElement> } {
  const { t } = useTexts()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const [error, setError] = useState<string | null>(null)
  const points = useRef(new Map<string, PointLayer>())
  const isFitted = useRef(props.camera !== null)

  const create = useEffectEvent((element: HTMLElement) => createMap(element, props.basemap, props.theme, props.camera ?? props.home, t('map.title')))
  const tellCamera = useEffectEvent((made: MapLibre) => {
    const { lng, lat } = made.getCenter().wrap()
    props.onCamera({ lon: lng, lat, zoom: made.getZoom() })
  })
  const select = useEffectEvent((made: MapLibre, x: number, y: number) => {
    const reach = 8
    const layers = [...points.current.keys()].map(pointSourceId)
    const found = made.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers },
    )
    const nearest = found.toSorted((a, b) => distance(made, a, x, y) - distance(made, b, x, y))[0]
    if (nearest !== undefined) props.onSelect(String(nearest.properties['id']), nearest.source.replace(/^points:/, ''))
  })

  useEffect(() => {
    let isGone = false
    let made: MapLibre | null = null
    const drawn = points.current
    const element = container.current
    if (element === null) return undefined
    const begin = async (): Promise<void> => {
      try {
        const ready = await create(element)
        if (isGone) {
          ready.remove()
          return
        }
        made = ready
        // Benches and browser tests read the sources' data here.
        Object.assign(element, { map: ready })
        ready.on('moveend', () => tellCamera(ready))
        ready.on('click', (event) => select(ready, event.point.x, event.point.y))
        setMap(ready)
      } catch (failure) {
        setError(failure instanceof Error ? failure.message : String(failure))
      }
    }
    void begin()
    return () => {
      isGone = true
      for (const layer of drawn.values()) layer.remove()
      drawn.clear()
      made?.remove()
      setMap(null)
    }
  }, [props.basemap])

  useEffect(() => {
    if (map === null) return
    const drawn = points.current
    const loaded = props.layers.filter((layer) => layer.rows !== null)
    for (const [type, layer] of drawn) {
      if (props.layers.some((each) => each.type === type) && layer.hasLook(lookOf(type, props.types))) continue
      layer.remove()
      drawn.delete(type)
    }
    for (const { type, rows } of loaded) {
      const known = drawn.get(type)
      if (known === undefined) drawn.set(type, new PointLayer(map, rows!, lookOf(type, props.types), props.theme, selectionLayerId))
      else if (!known.isOf(rows!)) known.show(rows!)
    }
    if (!isFitted.current && loaded.length > 0 && loaded.length === props.layers.length) {
      const extent = extentOf(loaded.flatMap((layer) => [...layer.rows!.rows.values()]))
      if (extent !== null) map.fitBounds([...extent], { padding: 48, maxZoom: 15, duration: 0 })
      isFitted.current = true
    }
    // The layers' array is new at each render; what matters is which rows they hold.
  }, [map, props.types, ...keyed(props.layers)])

  useEffect(() => {
    if (map === null) return
    paintTheme(map, props.basemap, props.theme)
    for (const layer of points.current.values()) layer.paint(props.theme)
  }, [map, props.basemap, props.theme])

  const { selection } = props
  useEffect(() => {
    if (map !== null) markSelection(map, selection)
  }, [map, selection?.id, selection?.lon, selection?.lat, selection?.label])

  return { map, error, container }
}

/** A dependency list of constant length from the rows of the layers. */
function keyed(layers: readonly Layer[]): readonly [string] {
  return [layers.map((layer) => `${layer.type} ${layer.rows === null ? 0 : serial(layer.rows)}`).join('|')]
}

const serials = new WeakMap<object, number>()
let lastSerial = 0

function serial(rows: object): number {
  const known = serials.get(rows)
  if (known !== undefined) return known
  lastSerial += 1
  serials.set(rows, lastSerial)
  return lastSerial
}

function distance(map: MapLibre, feature: { readonly geometry: GeoJSON.Geometry }, x: number, y: number): number {
  if (feature.geometry.type !== 'Point') return Number.POSITIVE_INFINITY
  const [lon = 0, lat = 0] = feature.geometry.coordinates
  const at = map.project([lon, lat])
  return Math.hypot(at.x - x, at.y - y)
}
