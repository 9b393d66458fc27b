import type { TimeChoice } from '../api/time-choice.ts'

/** Languages the console speaks. */
export const languages = ['en', 'es', 'pt', 'ja'] as const
/** One of the console's languages. */
export type Language = (typeof languages)[number]

/** Panes of which a phone shows one at a time. */
export const panes = ['list', 'map', 'layers', 'entity', 'alerts'] as const
/** One of the panes. */
export type Pane = (typeof panes)[number]

/** Pages, of which the city with its map is the first. */
export const pages = ['city', 'rules', 'quarantine', 'devices', 'codecs'] as const
/** One of the pages. */
export type PageName = (typeof pages)[number]

/** What the column beside the map shows. */
export const sides = ['layers', 'alerts'] as const
/** One of the things beside the map. */
export type Side = (typeof sides)[number]

/** The whole state of the screen that a shared address brings back. */
export type View = {
  readonly tenant: string | null
  readonly page: PageName
  /** The one device that the page of the devices shows; null: their list. */
  readonly device: string | null
  readonly side: Side
  /** Null until somebody chose: the console then puts the first ones on. */
  readonly layers: readonly string[] | null
  /** Attribute a layer's colours show, by type, where it is not the server's choice. */
  readonly attributes: Readonly<Record<string, string>>
  readonly entity: { readonly id: string; readonly type: string } | null
  /** Attribute the chart shows, where it is not the layer's. */
  readonly chart: string | null
  /** Type whose list twin is open. */
  readonly list: string | null
  readonly time: TimeChoice
  readonly camera: { readonly lon: number; readonly lat: number; readonly zoom: number } | null
  readonly pane: Pane
  readonly language: Language | null
  readonly theme: 'light' | 'dark' | null
}

/** The state of an address without any. */
export const emptyView: View = {
  tenant: null,
  page: 'city',
  device: null,
  side: 'layers',
  layers: null,
  attributes: {},
  entity: null,
  chart: null,
  list: null,
  time: { mode: 'live' },
  camera: null,
  pane: 'list',
  language: null,
  theme: null,
}

/** Reads the state from an address's query; what makes no sense there is passed over. */
export function parseView(search: string): View {
  const query = new URLSearchParams(search)
  const id = query.get('entity')
  const attributes = query.getAll('attribute').flatMap((pair) => {
    const at = pair.lastIndexOf('=')
    return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : []
  })
  return {
    tenant: query.get('tenant'),
    page: pages.find((page) => page === query.get('page')) ?? emptyView.page,
    device: query.get('device'),
    side: sides.find((side) => side === query.get('side')) ?? emptyView.side,
    layers: query.has('layer') ? query.getAll('layer').filter((type) => type !== '') : null,
    attributes: Object.fromEntries(attributes),
    entity: id === null ? null : { id, type: query.get('type') ?? '' },
    chart: query.get('chart'),
    list: query.get('list'),
    time: parseTime(query),
    camera: parseCamera(query.get('camera')),
    pane: panes.find((pane) => pane === query.get('pane')) ?? emptyView.pane,
    language: languages.find((language) => language === query.get('language')) ?? null,
    theme: (['light', 'dark'] as const).find((theme) => theme === query.get('theme')) ?? null,
  }
}

/** Writes the state as an address's query, the empty state as the empty string. */
export function formatView(view: View): string {
  const query = new URLSearchParams()
  const put = (name: string, value: string | null): void => {
    if (value !== null) query.append(name, value)
  }
  put('tenant', view.tenant)
  if (view.page !== emptyView.page) put('page', view.page)
  put('device', view.device)
  if (view.side !== emptyView.side) put('side', view.side)
  if (view.layers !== null) for (const type of view.layers.length === 0 ? [''] : view.layers) put('layer', type)
  for (const [type, attribute] of Object.entries(view.attributes)) put('attribute', `${type}=${attribute}`)
  put('entity', view.entity?.id ?? null)
  put('type', view.entity?.type ?? null)
  put('chart', view.chart)
  put('list', view.list)
  if (view.time.mode !== 'live') put(view.time.mode, new Date(view.time.atMs).toISOString())
  if (view.camera !== null) put('camera', `${view.camera.lat.toFixed(5)},${view.camera.lon.toFixed(5)},${view.camera.zoom.toFixed(2)}`)
  if (view.pane !== emptyView.pane) put('pane', view.pane)
  put('language', view.language)
  put('theme', view.theme)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

function parseTime(query: URLSearchParams): TimeChoice {
  for (const mode of ['known', 'true'] as const) {
    const atMs = Date.parse(query.get(mode) ?? '')
    if (!Number.isNaN(atMs)) return { mode, atMs }
  }
  return { mode: 'live' }
}

function parseCamera(text: string | null): View['camera'] {
  const [lat, lon, zoom] = (text ?? '').split(',').map((part) => (part === '' ? Number.NaN : Number(part)))
  if (lat === undefined || lon === undefined || zoom === undefined || !Number.isFinite(lat + lon + zoom)) return null
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 22 ? { lat, lon, zoom } : null
}
