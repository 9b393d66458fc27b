import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { LayerLook, Theme } from '../../layer/layer-look.ts'
import type { LayerRows } from '../../layer/layer-rows.ts'
import { drawnOf, toDiff, toPoints } from './point-diff.ts'
import { imageName, putImages } from './point-images.ts'

/** Between two updates of a source: the worker lays its tiles out anew each time, and a busy machine is given as long to draw them as that took. */
const pauseMs = { least: 200, most: 400 }
/** A frame that is late, because the last one is still being drawn or the page is hidden, holds nothing up for longer than this. */
const frameWaitMs = 100

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
    void this.#hold(this.#source()?.setData({ type: 'FeatureCollection', features: points }))
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
    const id = pointSourceId(this.#rows.type)
    if (this.#map.getLayer(id) !== undefined) this.#map.removeLayer(id)
    if (this.#map.getSource(id) !== undefined) this.#map.removeSource(id)
  }

  #source(): GeoJSONSource | undefined {
    return this.#map.getSource(pointSourceId(this.#rows.type))
  }

  #schedule(): void {
    if (this.#isBusy || this.#isRemoved || this.#waiting.size === 0) return
    this.#isBusy = true
    void this.#update()
  }

  /** Sends one difference with the next frame, then waits for the worker and the pause. */
  async #update(): Promise<void> {
    await nextFrame()
    if (this.#isRemoved) return
    const diff = toDiff(this.#rows, this.#waiting, this.#drawn)
    this.#waiting.clear()
    await this.#hold(this.#source()?.updateData(diff))
  }

  async #hold(work: Promise<void> | undefined): Promise<void> {
    this.#isBusy = true
    const beganMs = performance.now()
    await Promise.allSettled([work])
    await wait(Math.min(pauseMs.most, Math.max(pauseMs.least, performance.now() - beganMs)))
    this.#isBusy = false
    this.#schedule()
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const frame = requestAnimationFrame(() => resolve())
    setTimeout(() => {
      cancelAnimationFrame(frame)
      resolve()
    }, frameWaitMs)
  })
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
