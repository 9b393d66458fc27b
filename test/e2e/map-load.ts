/// <reference lib="dom" />
/**
 * Measures the map under load: many points, all drawn, many changes a second, half the time with the whole city in view and half at zoom 14 over its
 * densest part. From traces after a warm-up: main-thread tasks by thread CPU time; heap after collection; how long changes take into the map's source.
 * Exits with 1 where a figure is not met.
 */
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser, pointsOnMap } from './open-browser.ts'
import { startServer } from './running-server.ts'
import type { RunningServer, Seed } from './running-server.ts'
import { traceMainThread } from './main-thread-trace.ts'
import type { MainThreadTasks } from './main-thread-trace.ts'

const usage = `Usage: node test/e2e/map-load.ts [--points 20000] [--rate 200] [--seconds 60]

--seconds is how long each of the two views is traced, after 30 s of warming up; the figure asks for 300.
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    points: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
  },
})
if (values.help === true) {
  process.stdout.write(usage)
  process.exit(0)
}
const [pointCount, ratePerS, seconds] = [Number(values.points), Number(values.rate), Number(values.seconds)]
const type = 'NoiseLevelObserved'
const centre = { lon: 10.2, lat: 56.15 }
const warmUpMs = 30_000
const sliceMs = 30_000
const writesPerS = 10
const sampleCount = 500
/** Arrivals are noted of one point in so many: a note of every change would itself be the growth of the heap that is looked for. */
const notedOfPoints = 31

await using server = await startServer()
await server.upsert(Array.from({ length: pointCount }, (_, number) => toPoint(number, 50)))
const browser = await openBrowser(['--js-flags=--expose-gc'])
try {
  process.exitCode = await measure(await browser.newPage({ viewport: { width: 1366, height: 768 } }))
} finally {
  await browser.close()
}

async function measure(page: Page): Promise<number> {
  await page.goto(`${server.url}/?language=en&theme=dark&layer=${type}`)
  const readyBy = Date.now() + 120_000
  while (Object.keys(await pointsOnMap(page, type)).length < pointCount) {
    if (Date.now() > readyBy) throw new Error(`The map has not ${pointCount} points after two minutes`)
    await pause(1_000)
  }
  await noteArrivals(page)
  const changes = startChanges(server)
  const trace = await browser.newBrowserCDPSession()
  const tab = await page.context().newCDPSession(page)
  await pause(warmUpMs)

  const heapsMb: number[] = []
  const windows: Window[] = []
  const rounds: { readonly view: string; readonly inView: number; readonly tasks: MainThreadTasks[] }[] = []
  for (const view of ['whole city', 'zoom 14']) {
    if (view === 'zoom 14')
      await page.evaluate((to) => (document.querySelector('.maplibregl-map') as unknown as MapElement).map?.jumpTo(to), {
        center: [centre.lon, centre.lat] as [number, number],
        zoom: 14,
      })
    await pause(3_000)
    const tasks: MainThreadTasks[] = []
    for (let doneMs = 0; doneMs < seconds * 1000; doneMs += sliceMs) {
      const fromMs = Date.now()
      tasks.push(await traceMainThread(trace, sliceMs))
      windows.push({ fromMs, toMs: fromMs + sliceMs - 3_000 })
      if (heapsMb.length === 0 && (doneMs >= 90_000 || doneMs + sliceMs >= seconds * 1000)) heapsMb.push(await usedHeapMb(tab))
    }
    rounds.push({ view, inView: await countInView(page), tasks })
  }
  heapsMb.push(await usedHeapMb(tab))
  const sent = await changes.stop()
  await pause(4_000)
  const acknowledged = sent.map(({ atMs, acknowledgedMs }) => acknowledgedMs - atMs)
  console.log(`acknowledged by the server after: median ${round(quantile(acknowledged, 0.5))} ms, p99 ${round(quantile(acknowledged, 0.99))} ms`)
  const staleness = await stalenessOf(page, sent, windows)
  return report(rounds, heapsMb, staleness)
}

function report(
  rounds: readonly { view: string; inView: number; tasks: MainThreadTasks[] }[],
  heapsMb: readonly number[],
  stalenessMs: readonly number[],
): number {
  const misses: string[] = []
  const hold = (isMet: boolean, text: string): void => {
    if (!isMet) misses.push(text)
  }
  for (const { view, inView, tasks } of rounds) {
    const cpu = tasks.flatMap((each) => each.cpuMs)
    const wall = tasks.flatMap((each) => each.wallMs)
    const longWall = wall.filter((ms) => ms > 200).length
    console.log(
      `${view}: ${inView} points in view; ${cpu.length} tasks; thread CPU time p99 ${round(quantile(cpu, 0.99))} ms, most ${round(Math.max(...cpu))} ms; ` +
        `wall clock p99 ${round(quantile(wall, 0.99))} ms, most ${round(Math.max(...wall))} ms, ${longWall} over 200 ms; busy ${round((100 * cpu.reduce((a, b) => a + b, 0)) / (seconds * 1000))} %`,
    )
    hold(inView >= Math.min(5_000, pointCount / 4), `${view}: ${inView} points in view`)
    hold(Math.max(...cpu) <= 200, `${view}: a task of ${round(Math.max(...cpu))} ms`)
    hold(quantile(cpu, 0.99) < 50, `${view}: p99 of ${round(quantile(cpu, 0.99))} ms`)
  }
  const [early = Number.NaN, late = Number.NaN] = heapsMb
  console.log(
    `heap after collection: ${round(early)} MB at minute 2 (or the first view's end), ${round(late)} MB at the end: ${round((100 * late) / early - 100)} %`,
  )
  hold(late <= early * 1.05, `the heap grew from ${round(early)} to ${round(late)} MB`)
  console.log(
    `${stalenessMs.length} sampled changes in the map's source: median ${round(quantile(stalenessMs, 0.5))} ms, p99 ${round(quantile(stalenessMs, 0.99))} ms, most ${round(Math.max(...stalenessMs))} ms`,
  )
  hold(stalenessMs.length >= Math.min(sampleCount, Math.floor((ratePerS * seconds) / notedOfPoints)), `only ${stalenessMs.length} sampled changes`)
  hold(Math.max(...stalenessMs) <= 3_000, `a change took ${round(Math.max(...stalenessMs))} ms`)
  for (const miss of misses) console.log(`NOT MET: ${miss}`)
  return misses.length === 0 ? 0 : 1
}

type MapElement = {
  arrivals?: Map<string, number>
  map?: {
    getSource: (
      id: string,
    ) =>
      | { getData: () => Promise<{ features: { geometry: { coordinates: [number, number] } }[] }>; updateData: (diff: Diff) => Promise<void> }
      | undefined
    jumpTo: (to: { center: [number, number]; zoom: number }) => void
    getBounds: () => { contains: (position: [number, number]) => boolean }
  }
}
type Diff = { update?: { id: string; addOrUpdateProperties?: { key: string; value: unknown }[] }[] }

/** Notes when each value of the points that are watched has come into the source's data: the moment `updateData` has resolved. */
async function noteArrivals(page: Page): Promise<void> {
  const noted = Array.from({ length: Math.ceil(pointCount / notedOfPoints) }, (_, at) => idOf(at * notedOfPoints))
  await page.evaluate(
    ([id, watched]) => {
      const points = new Set(watched)
      const element = document.querySelector('.maplibregl-map') as unknown as MapElement
      const source = element.map?.getSource(id)
      if (source === undefined) throw new Error(`The map has no source ${id}`)
      const arrivals = new Map<string, number>()
      element.arrivals = arrivals
      const update = source.updateData.bind(source)
      source.updateData = async (diff) => {
        await update(diff)
        const now = Date.now()
        for (const { id: point, addOrUpdateProperties = [] } of diff.update ?? []) {
          if (!points.has(point)) continue
          const value = addOrUpdateProperties.find(({ key }) => key === 'value')?.value
          arrivals.set(`${point} ${String(value)}`, now)
        }
      }
    },
    [`points:${type}`, noted] as const,
  )
}

type Sent = { readonly key: string; readonly isNoted: boolean; readonly atMs: number; readonly acknowledgedMs: number }

/** Sends changes at the rate in small batches, point by point in a scattered order; answers when each was sent. */
function startChanges(to: RunningServer): { stop: () => Promise<readonly Sent[]> } {
  const sent: Sent[] = []
  let next = 0
  let last: Promise<void> = Promise.resolve()
  const send = async (batch: Seed[], changes: Pick<Sent, 'key' | 'isNoted'>[], before: Promise<void>): Promise<void> => {
    await before
    const atMs = Date.now()
    await to.upsert(batch)
    const acknowledgedMs = Date.now()
    sent.push(...changes.map((change) => ({ ...change, atMs, acknowledgedMs })))
  }
  const timer = setInterval(() => {
    const batch: Seed[] = []
    const changes: Pick<Sent, 'key' | 'isNoted'>[] = []
    for (let at = 0; at < ratePerS / writesPerS; at++) {
      const number = (next * 7919) % pointCount
      // No point gets the same value twice, so that an arrival belongs to one change.
      const value = 30 + (next % 6000) / 100 + Math.floor(next / 6000) / 1e4
      batch.push(toPoint(number, value))
      changes.push({ key: `${idOf(number)} ${value}`, isNoted: number % notedOfPoints === 0 })
      next += 1
    }
    last = send(batch, changes, last)
  }, 1000 / writesPerS)
  return {
    stop: async () => {
      clearInterval(timer)
      await last
      return sent
    },
  }
}

/** While changes are sampled: during traces, but not so near their end that the collection of the trace or of garbage would hold the page up. */
type Window = { readonly fromMs: number; readonly toMs: number }

/** How long sampled changes took from sending into the source, in milliseconds; one that never came counts as for ever. */
async function stalenessOf(page: Page, sent: readonly Sent[], windows: readonly Window[]): Promise<readonly number[]> {
  const settled = sent.filter(({ isNoted, atMs }) => isNoted && windows.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs))
  const every = Math.max(1, Math.floor(settled.length / sampleCount))
  const sample = settled.filter((_, at) => at % every === 0).slice(0, sampleCount)
  const arrived = await page.evaluate(
    (keys) => {
      const { arrivals } = document.querySelector('.maplibregl-map') as unknown as MapElement
      return keys.map((key) => arrivals?.get(key) ?? null)
    },
    sample.map(({ key }) => key),
  )
  return sample.map(({ atMs }, at) => (arrived[at] === null || arrived[at] === undefined ? Number.POSITIVE_INFINITY : arrived[at] - atMs))
}

/** Points of the source within the map's bounds; all of them are drawn. Asking the map what it has rendered would hold the page up for seconds. */
function countInView(page: Page): Promise<number> {
  return page.evaluate(async (id) => {
    const { map } = document.querySelector('.maplibregl-map') as unknown as MapElement
    const bounds = map?.getBounds()
    const { features } = (await map?.getSource(id)?.getData()) ?? { features: [] }
    return features.filter(({ geometry }) => bounds?.contains(geometry.coordinates) === true).length
  }, `points:${type}`)
}

async function usedHeapMb(tab: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>): Promise<number> {
  await tab.send('HeapProfiler.collectGarbage')
  const { usedSize } = await tab.send('Runtime.getHeapUsage')
  return usedSize / 2 ** 20
}

function idOf(number: number): string {
  return `urn:ngsi-ld:${type}:load:${number}`
}

/** Two fifths of the points lie within what zoom 14 shows, the rest over a whole city; where, follows from the number alone. */
function toPoint(number: number, value: number): Seed {
  const [x, y] = [(number * 0.754877666) % 1, (number * 0.569840296) % 1]
  const isDense = number % 5 < 2
  const [width, height] = isDense ? [0.036, 0.0105] : [0.3, 0.12]
  return {
    id: idOf(number),
    type,
    name: { type: 'Property', value: `Meter ${number}` },
    LAeq: { type: 'Property', value, unitCode: '2N', observedAt: new Date().toISOString() },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [centre.lon + (x - 0.5) * width, centre.lat + (y - 0.5) * height] } },
  }
}

function quantile(values_: readonly number[], share: number): number {
  const sorted = values_.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
