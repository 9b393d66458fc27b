import { addProtocol, Map as MapLibre, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import type { GeoJSONSource, StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { FetchSource, PMTiles, Protocol } from 'pmtiles'
import type { Theme } from '../../layer/layer-look.ts'
import { labelFont, toBaseStyle, toGround } from './base-style.ts'
import type { Basemap } from './base-style.ts'
import { toGraticule } from './graticule.ts'

/** Where the map looks. */
export type Camera = { readonly lon: number; readonly lat: number; readonly zoom: number }

/** The lowest of the layers that mark the selected entity; points are drawn beneath. */
export const selectionLayerId = 'selection'

setWorkerUrl(workerUrl)
const archives = new Protocol()
addProtocol('pmtiles', archives.tile)

/** Makes the map once its label fonts are there: MapLibre draws labels with what the page has at that moment. */
export async function createMap(container: HTMLElement, basemap: Basemap, theme: Theme, camera: Camera, title: string): Promise<MapLibre> {
  await Promise.all([document.fonts.load(`16px '${labelFont}'`, 'Aa°'), document.fonts.load(`16px '${labelFont}'`, '港区')])
  const style = toBaseStyle(basemap, theme)
  readPastCache(style)
  const map = new MapLibre({
    container,
    style,
    center: [camera.lon, camera.lat],
    zoom: camera.zoom,
    maxZoom: 20,
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    locale: { 'Map.Title': title },
  })
  map.addControl(new ScaleControl(), 'bottom-left')
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  await map.once('load')
  addSelection(map, theme)
  const drawGraticule = (): void => {
    const bounds = map.getBounds()
    const source: GeoJSONSource | undefined = map.getSource('graticule')
    void source?.setData(toGraticule({ west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() }))
  }
  map.on('moveend', drawGraticule)
  map.on('resize', drawGraticule)
  drawGraticule()
  return map
}

/**
 * Has the style's archives read past the browser's cache. On a reload Chromium's cache answers some of several ranges of one file with no bytes, and the tile would be
 * missing; pmtiles has a switch for that, which it throws by itself on Windows alone.
 */
function readPastCache(style: StyleSpecification): void {
  for (const source of Object.values(style.sources)) {
    const url = source.type === 'vector' && source.url?.startsWith('pmtiles://') === true ? source.url.slice('pmtiles://'.length) : null
    if (url === null || archives.get(url) !== undefined) continue
    const archive = new FetchSource(url)
    archive.chromeWindowsNoCache = true
    archives.add(new PMTiles(archive))
  }
}

/** Paints the ground and the selection in another theme; sources and points stay. */
export function paintTheme(map: MapLibre, basemap: Basemap, theme: Theme): void {
  for (const layer of toGround(basemap, theme)) {
    for (const [property, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, property as never, value as never)
  }
  map.setPaintProperty(selectionLayerId, 'circle-stroke-color', selectionColour[theme])
  map.setPaintProperty('selection-label', 'text-color', selectionColour[theme])
  map.setPaintProperty('selection-label', 'text-halo-color', theme === 'light' ? '#ffffff' : '#0b1218')
}

/** Marks one position with a ring and a name, at every zoom and above all points; null marks nothing. */
export function markSelection(map: MapLibre, selection: { readonly lon: number; readonly lat: number; readonly label: string } | null): void {
  const source: GeoJSONSource | undefined = map.getSource('selection')
  const features =
    selection === null
      ? []
      : [
          {
            type: 'Feature' as const,
            properties: { label: selection.label },
            geometry: { type: 'Point' as const, coordinates: [selection.lon, selection.lat] },
          },
        ]
  void source?.setData({ type: 'FeatureCollection', features })
}

const selectionColour: Readonly<Record<Theme, string>> = { light: '#c2255c', dark: '#ffd43b' }

function addSelection(map: MapLibre, theme: Theme): void {
  map.addSource('selection', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: selectionLayerId,
    type: 'circle',
    source: 'selection',
    paint: { 'circle-radius': 15, 'circle-color': 'transparent', 'circle-stroke-width': 3.5, 'circle-stroke-color': selectionColour[theme] },
  })
  map.addLayer({
    id: 'selection-label',
    type: 'symbol',
    source: 'selection',
    layout: {
      'text-field': ['get', 'label'],
      'text-font': [labelFont],
      'text-size': 14,
      'text-anchor': 'top',
      'text-offset': [0, 1.4],
      'text-allow-overlap': true,
      'text-max-width': 16,
    },
    paint: { 'text-color': selectionColour[theme], 'text-halo-color': theme === 'light' ? '#ffffff' : '#0b1218', 'text-halo-width': 2 },
  })
}
