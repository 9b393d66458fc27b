/// <reference lib="dom" />
/**
 * How long a newcomer waits: `cityloop demo` on an empty directory, until there is a first entity, until the map is painted with its points, and until the day's chart of a device that was
 * clicked on the map is there. Prints each run, the medians, and how many 4 KiB writes a second the disk syncs. Exits with 1 where a median is beyond its bound.
 */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../e2e/open-browser.ts'
import { freePort, startServed } from './demo-process.ts'

const boundsS = { entity: 10, map: 15, chart: 15 } as const
const dayPoints = 20
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, devices: { type: 'string', default: '2000' } } })

const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

type Waits = { readonly entity: number; readonly map: number; readonly chart: number }

const browser = await openBrowser()
const runs: Waits[] = []
for (let run = 0; run < Number(values.runs); run += 1) {
  const waits = await startOnce(browser)
  runs.push(waits)
  console.log(
    `run ${run + 1}: first entity ${waits.entity.toFixed(1)} s, map painted ${waits.map.toFixed(1)} s, chart of a clicked device ${waits.chart.toFixed(1)} s`,
  )
}
await browser.close()
const median = (what: keyof Waits): number => runs.map((waits) => waits[what]).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN
for (const what of ['entity', 'map', 'chart'] as const) {
  console.log(`${what}: median of ${runs.length} ${median(what).toFixed(1)} s, bound ${boundsS[what]} s`)
  if (!(median(what) <= boundsS[what])) process.exitCode = 1
}
console.log(`The disk syncs ${Math.round(await syncsASecond())} writes of 4 KiB a second`)

/** Seconds from the start of the process. */
async function startOnce(of: Browser): Promise<Waits> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-demo-start-'))
  const port = await freePort()
  const begun = performance.now()
  const seconds = (): number => (performance.now() - begun) / 1000
  const starting = startServed(['demo', '--devices', values.devices], folder, { port })
  const page = await of.newPage({ viewport: { width: 1366, height: 768 } })
  const url = `http://127.0.0.1:${port}`
  try {
    const entity = until(async () => {
      const reply = await fetch(`${url}/ngsi-ld/v1/entities?type=AirQualityObserved&limit=1`, { headers: { link } }).catch(() => undefined)
      return reply?.ok === true && ((await reply.json()) as unknown[]).length > 0
    }).then(seconds)
    await until(() =>
      page.goto(`${url}/?language=en&layer=AirQualityObserved`).then(
        () => true,
        () => false,
      ),
    )
    await until(() => placeOfAPoint(page).then((place) => place !== null))
    const map = seconds()
    await until(async () => {
      const points = await chartedPoints(page)
      // The map may have moved under the pointer.
      if (points === null) await page.mouse.click(...((await placeOfAPoint(page)) ?? [0, 0]))
      return points !== null && points >= dayPoints
    })
    return { entity: await entity, map, chart: seconds() }
  } finally {
    await page.close()
    await (await starting).end('SIGTERM')
    await rm(folder, { recursive: true })
  }
}

/** Where on the screen a point of the layer is drawn, once ground and points are painted. */
function placeOfAPoint(page: Page): Promise<readonly [number, number] | null> {
  return page.evaluate(() => {
    type Drawn = { readonly layer: { readonly source: string }; readonly geometry: { readonly coordinates: [number, number] } }
    type Map = { areTilesLoaded(): boolean; queryRenderedFeatures(): Drawn[]; project(at: [number, number]): { x: number; y: number } }
    const element = document.querySelector('.maplibregl-map') as unknown as (HTMLElement & { map?: Map }) | null
    const drawn = element?.map?.areTilesLoaded() === true ? element.map.queryRenderedFeatures() : []
    const point = drawn.find(({ layer }) => layer.source === 'points:AirQualityObserved')
    const hasGround = drawn.some(({ layer }) => !layer.source.startsWith('points:'))
    if (element?.map === undefined || point === undefined || !hasGround) return null
    const { left, top } = element.getBoundingClientRect()
    const { x, y } = element.map.project(point.geometry.coordinates)
    return [left + x, top + y] as const
  })
}

/** How many points the chart that is open shows; null where none is. */
function chartedPoints(page: Page): Promise<number | null> {
  return page.evaluate(() => {
    const chart = document.querySelector<HTMLElement>('figure[data-points]')
    return chart === null ? null : chart.querySelector('canvas') === null ? 0 : Number(chart.dataset['points'])
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await isSo()) return
    await pause(100)
  }
  throw new Error(`It is not so after a minute: ${isSo.toString()}`)
}

/** The rate at which small writes become durable here, as a measure of the disk. */
async function syncsASecond(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-syncs-'))
  const file = await open(join(folder, 'file'), 'w')
  const begun = performance.now()
  const count = 500
  for (let at = 0; at < count; at += 1) {
    await file.write(Buffer.alloc(4096, at), 0, 4096, 0)
    await file.sync()
  }
  const rate = count / ((performance.now() - begun) / 1000)
  await file.close()
  await rm(folder, { recursive: true })
  return rate
}
