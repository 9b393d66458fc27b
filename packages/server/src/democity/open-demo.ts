import { formatInstant } from '@cityloop/ngsi-ld'
import type { Context } from '@cityloop/ngsi-ld'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { Log } from '#runtime/log.ts'
import type { OwnRows } from '#store/rows.ts'
import { faultOf } from './faults.ts'
import { fillLastDay, fillOwnPace } from './fill-history.ts'
import type { Progress } from './fill-history.ts'
import { deviceKinds, generateCity } from './generate-city.ts'
import type { DemoCity } from './generate-city.ts'
import { incidentsOfDay } from './incidents.ts'
import { toDegrees } from './lay-of-land.ts'
import { createMeasurer } from './measure.ts'
import { deviceOf, groupOf } from './provision-city.ts'
import type { Provisioning } from './provision-city.ts'
import { shippedRules } from './shipped-rules.ts'

const dayUs = 86_400_000_000

/** What the demo needs of the city it lives in. */
export type DemoHost = WriteDeps & {
  readonly contexts: { readonly cityloop: Context }
  readonly log: Log
  readonly store: { readonly rows: OwnRows }
}

/** The part of a web server that the demo's own page of progress and truth needs. */
type Routes = { get(path: string, handler: () => Promise<unknown>): unknown }

/** A made-up city about to live: what is provisioned, what is written, and how far that is. */
export type Demo = {
  readonly city: DemoCity
  readonly groupDocuments: readonly Provisioning[]
  readonly deviceDocuments: readonly Provisioning[]
  readonly rules: typeof shippedRules
  /** `GET /api/demo`: progress, and the known truth: incidents of three days and devices with faults. */
  readonly routes: (app: Routes) => void
  /** Writes first values, the last day, then the rest; resolves when all is written or the signal ends it. */
  fill(host: DemoHost, options: { readonly historyDays: number; readonly signal: AbortSignal; readonly onFirstValues: () => void }): Promise<void>
}

/** Generates the city; nothing is written yet. */
export function openDemo(seed: number, devices: number): Demo {
  const city = generateCity(seed, devices)
  let progress: Progress | undefined
  return {
    city,
    groupDocuments: deviceKinds.map((kind) => groupOf(city, kind)),
    deviceDocuments: city.devices.map(deviceOf),
    rules: shippedRules,
    routes: (app) =>
      void app.get('/api/demo', async () => ({
        name: city.name,
        seed,
        devices: city.devices.length,
        progress: progress ?? null,
        truth: { incidents: truthOfDays(city, Math.floor((Date.now() * 1000) / dayUs)), faults: faultsOf(city) },
      })),
    async fill(host, { historyDays, onFirstValues, signal }) {
      const startedAt = host.clock.now()
      const deps = { ...host, context: host.contexts.cityloop, rows: host.store.rows, city, measurer: createMeasurer(city) }
      let isVoiced = false
      const onProgress = (now: Progress): void => {
        if (now.phase !== progress?.phase) host.log.info('demo_history', { phase: now.phase, ofHours: now.ofHours })
        progress = now
        if (isVoiced || now.phase === 'first values') return
        isVoiced = true
        onFirstValues()
      }
      const options = { historyDays, onProgress, signal, startedAt }
      await fillLastDay(deps, options)
      await fillOwnPace(deps, options)
    },
  }
}

function truthOfDays(city: DemoCity, today: number): readonly object[] {
  return [today - 1, today, today + 1].flatMap((day) =>
    incidentsOfDay(city, day).map(({ district, from, kind, radiusM, spot, until }) => {
      return { kind, district, center: toDegrees(spot), radiusM, from: formatInstant(from), until: formatInstant(until) }
    }),
  )
}

function faultsOf({ devices, seed }: DemoCity): readonly object[] {
  return devices.flatMap(({ deviceId, id, number }) => {
    const fault = faultOf(seed, number)
    return fault === undefined ? [] : [{ deviceId, entity: id, fault }]
  })
}
