import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { LayerLook, Theme } from '../../layer/layer-look.ts'
import type { LayerRows } from '../../layer/layer-rows.ts'
import { drawnOf, toDiff, toPoints } from './point-diff.ts'
import { imageName, putImages } from './point-images.ts'

/** The least time between two updates of a source: the worker lays its tiles out anew each time. */
const updatePauseMs = 400

/** The id of the source, and of the map layer, that hold a type's points. */
export function pointSourceId(type: string): string {
  return `points:${type}`
}

/**
 * Draws one layer's rows and keeps the drawing up to date: changes gather until a frame comes, the worker is idle and the pause is over,
 * then go as one difference. Every point is drawn; nothing is clustered.
 */
export class PointLayer {
  readonly #map: MapLibre
  readonly #look: LayerLook
  readonly #waiting = new Set<string>()
  #rows: LayerRows
  #drawn = new Map<string, string>()
  #isBusy = false
  #isRemoved = false
  #frame = 0
  #stopListening: () => void = () => undefined

  constructor(map: MapLibre, rows: LayerRows, look: LayerLook, theme: Theme, beneath: string) {
    this.#map = map
    this.#rows = rows
    this.#look = look
    putImages(map, look, theme)
    const id = pointSourceId(rows.type)
    map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, promoteId: 'id', maxzoom: 16, buffer: 16, tolerance: 0 })
    map.addLayer(
      {
        id,
        type: 'symbol',
        source: id,
        layout: {
          'icon-image': ['concat', imageName(look, 0).replace(/0$/, ''), ['to-string', ['get', 'step']]],
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
          'icon-padding': 0,
          'icon-size': ['interpolate', ['linear'], ['zoom'], 6, 0.4, 11, 0.6, 14, 0.9, 17, 1.2],
          'symbol-z-order': 'source',
        },
      },
      beneath,
    )
    this.show(rows)
  }

  /** Whether these are the rows drawn already. */
  isOf(rows: LayerRows): boolean {
    return this.#rows === rows
  }

  /** Whether this is how they are drawn. */
  hasLook(look: LayerLook): boolean {
    return this.#look.hue === look.hue && this.#look.shape === look.shape
  }

  /** Draws these rows from now on, all anew. */
  show(rows: LayerRows): void {
    this.#rows = rows
    this.#stopListening()
    this.#waiting.clear()
    const points = toPoints(rows)
    this.#drawn = drawnOf(points)
    this.#hold(this.#source()?.setData({ type: 'FeatureCollection', features: points }))
    this.#stopListening = rows.onChange((ids) => {
      for (const id of ids) this.#waiting.add(id)
      this.#schedule()
    })
  }

  /** Renews the pictures for another theme. */
  paint(theme: Theme): void {
    putImages(this.#map, this.#look, theme)
  }

  remove(): void {
    this.#isRemoved = true
    this.#stopListening()
    cancelAnimationFrame(this.#frame)
    const id = pointSourceId(this.#rows.type)
    if (this.#map.getLayer(id) !== undefined) this.#map.removeLayer(id)
    if (this.#map.getSource(id) !== undefined) this.#map.removeSource(id)
  }

  #source(): GeoJSONSource | undefined {
    return this.#map.getSource(pointSourceId(this.#rows.type))
  }

  #schedule(): void {
    if (this.#isBusy || this.#isRemoved || this.#frame !== 0 || this.#waiting.size === 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      if (this.#isRemoved) return
      const diff = toDiff(this.#rows, this.#waiting, this.#drawn)
      this.#waiting.clear()
      this.#hold(this.#source()?.updateData(diff))
    })
  }

  /** Waits for the worker and the pause before the next difference goes. */
  #hold(work: Promise<void> | undefined): void {
    this.#isBusy = true
    const pause = new Promise<void>((resolve) => setTimeout(resolve, updatePauseMs))
    void this.#goOn(Promise.allSettled([work, pause]))
  }

  async #goOn(waited: Promise<unknown>): Promise<void> {
    await waited
    this.#isBusy = false
    this.#schedule()
  }
}
