import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Theme } from '../../layer/layer-look.ts'

/** What `/api/basemap` says is under the points. */
export type Basemap = {
  readonly style: 'builtin' | 'pmtiles' | 'mvt' | 'raster'
  readonly url?: string
  readonly attribution?: string
  readonly hasStreets: boolean
}

/** Where the land of the build is, beside the console's own files. */
export const worldLandUrl = '/tiles/world.pmtiles'

/** The font of all labels: with no `glyphs` in the style MapLibre draws text with it, and asks nobody for glyphs. */
export const labelFont = 'Cityloop Sans'

type Colours = Readonly<Record<'water' | 'land' | 'park' | 'river' | 'building' | 'road' | 'mainRoad' | 'line' | 'label' | 'halo', string>>

const colours: Readonly<Record<Theme, Colours>> = {
  light: {
    water: '#cfdde6',
    land: '#f3f4f1',
    park: '#dcead6',
    river: '#bcd3e0',
    building: '#e4e5e2',
    road: '#d5d8d8',
    mainRoad: '#b9c0c4',
    line: '#b5c3cd',
    label: '#4a5966',
    halo: '#f3f4f1',
  },
  dark: {
    water: '#0d1822',
    land: '#1a242e',
    park: '#1b3329',
    river: '#12324a',
    building: '#25313d',
    road: '#33414f',
    mainRoad: '#4b5d6f',
    line: '#33434f',
    label: '#a9b9c7',
    halo: '#10181f',
  },
}

/** The whole ground as a style without points: world land, then what the city's own base map has (names as in Protomaps' tiles), then the graticule. */
export function toBaseStyle(basemap: Basemap, theme: Theme): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    world: { type: 'vector', url: `pmtiles://${window.location.origin}${worldLandUrl}` },
    graticule: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
  }
  const city = toCitySource(basemap)
  if (city !== null) sources['city'] = city
  return { version: 8, sources, layers: toGround(basemap, theme) }
}

/** The ground's layers in a theme; only their paint differs between themes. */
export function toGround(basemap: Basemap, theme: Theme): LayerSpecification[] {
  const colour = colours[theme]
  const ground: LayerSpecification[] = [
    { id: 'water', type: 'background', paint: { 'background-color': fadeToLand(colour) } },
    { id: 'land', type: 'fill', source: 'world', 'source-layer': 'earth', paint: { 'fill-color': colour.land, 'fill-antialias': false } },
  ]
  if (basemap.style === 'raster' && basemap.url !== undefined) ground.push({ id: 'city-raster', type: 'raster', source: 'city' })
  if ((basemap.style === 'pmtiles' || basemap.style === 'mvt') && basemap.url !== undefined) ground.push(...cityLayers(colour))
  ground.push(
    { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': colour.line, 'line-width': 0.7, 'line-opacity': 0.7 } },
    {
      id: 'graticule-label',
      type: 'symbol',
      source: 'graticule',
      layout: { 'text-field': ['get', 'label'], 'text-font': [labelFont], 'text-size': 10.5, 'symbol-placement': 'line', 'symbol-spacing': 500 },
      paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 1.2, 'text-opacity': 0.8 },
    },
  )
  return ground
}

/** The coast is drawn at 1 to 10 million: nearer than a region it would put harbours into the sea, so that the ground is plain there. */
function fadeToLand(colour: Colours): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], 8.5, colour.water, 9.5, colour.land]
}

function toCitySource(basemap: Basemap): SourceSpecification | null {
  if (basemap.url === undefined) return null
  const url = new URL(basemap.url, window.location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')
  switch (basemap.style) {
    case 'builtin':
      return null
    case 'pmtiles':
      return { type: 'vector', url: `pmtiles://${url}` }
    case 'mvt':
      return { type: 'vector', tiles: [url], maxzoom: 14 }
    case 'raster':
      return { type: 'raster', tiles: [url], tileSize: 256 }
  }
}

function cityLayers(colour: Colours): LayerSpecification[] {
  const fill = (id: string, layer: string, paint: string): LayerSpecification => ({
    id,
    type: 'fill',
    source: 'city',
    'source-layer': layer,
    paint: { 'fill-color': paint },
  })
  const text = { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 1.4 }
  return [
    fill('city-earth', 'earth', colour.land),
    fill('city-landuse', 'landuse', colour.park),
    fill('city-water', 'water', colour.river),
    fill('city-buildings', 'buildings', colour.building),
    {
      id: 'city-roads',
      type: 'line',
      source: 'city',
      'source-layer': 'roads',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': ['match', ['get', 'kind'], ['highway', 'major_road'], colour.mainRoad, colour.road],
        'line-width': [
          'interpolate',
          ['exponential', 1.5],
          ['zoom'],
          10,
          ['match', ['get', 'kind'], ['highway', 'major_road'], 1.2, 0.4],
          16,
          ['match', ['get', 'kind'], ['highway', 'major_road'], 9, 5],
        ],
      },
    },
    {
      id: 'city-road-names',
      type: 'symbol',
      source: 'city',
      'source-layer': 'roads',
      minzoom: 13,
      layout: { 'text-field': ['get', 'name'], 'text-font': [labelFont], 'text-size': 11, 'symbol-placement': 'line' },
      paint: text,
    },
    {
      id: 'city-places',
      type: 'symbol',
      source: 'city',
      'source-layer': 'places',
      layout: { 'text-field': ['get', 'name'], 'text-font': [labelFont], 'text-size': 14 },
      paint: text,
    },
  ]
}
