import type { Context, Entity, Instant } from '@cityloop/ngsi-ld'
import { writeEntities } from '#broker/write-entities.ts'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { OwnRows } from '#store/rows.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import type { Measurer } from './measure.ts'
import { paceS, timesOf, toEntity } from './observe-city.ts'

const hourUs = 3_600_000_000
const caller = { id: 'urn:cityloop:democity', tenant: '' }
const entitiesAtOnce = 250
const area = 'democity'

/** How far the past of the made-up city is written. */
export type Progress = {
  readonly phase: 'first values' | 'last day' | 'own pace' | 'older' | 'done'
  readonly doneHours: number
  readonly ofHours: number
}

export type FillDeps = WriteDeps & { readonly context: Context; readonly rows: OwnRows; readonly city: DemoCity; readonly measurer: Measurer }

export type FillOptions = {
  /** When the city was started: what is later its devices say themselves. */
  readonly startedAt: Instant
  /** How many days back the older past reaches, in hourly steps. */
  readonly historyDays: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/**
 * Writes what lies behind the first page: the newest values of all devices at once, the last day in hourly steps, the newest first. What an earlier start wrote is
 * not written again. Everything bears the recordedAt of its writing, so that nothing is claimed to have been known before.
 */
export async function fillLastDay(deps: FillDeps, { signal, startedAt, onProgress }: FillOptions): Promise<void> {
  const { city, measurer } = deps
  onProgress({ phase: 'first values', doneHours: 0, ofHours: 24 })
  await write(deps, city.devices, signal, (device) => toEntity(city, measurer, device, lastTime(device, startedAt), deps.context, true))
  const written = await readDone(deps.rows, 'hourly')
  const lastHour = Math.floor(startedAt / hourUs)
  const blockHours = 6
  for (let back = 0; back < 24; back += blockHours) {
    const hours = Array.from({ length: blockHours }, (_, index) => lastHour - back - (blockHours - 1 - index)).filter((hour) => !written.has(hour))
    if (hours.length > 0)
      await write(
        deps,
        city.devices,
        signal,
        (device) =>
        toEntity(city, measurer, device, hours.map((hour) => hour * hourUs), deps.context, false), // prettier-ignore
      )
    for (const hour of hours) written.add(hour)
    await keepDone(deps.rows, 'hourly', written)
    onProgress({ phase: 'last day', doneHours: Math.min(24, back + blockHours), ofHours: 24 })
  }
}

/** Writes the last 48 hours at the devices' own pace, the newest hour first, then the older past in hourly steps. */
export async function fillOwnPace(deps: FillDeps, { historyDays, onProgress, signal, startedAt }: FillOptions): Promise<void> {
  const { city, measurer } = deps
  const lastHour = Math.floor(startedAt / hourUs)
  const paced = await readDone(deps.rows, 'paced')
  const ofHours = 48
  for (let back = 0; back < ofHours && !signal.aborted; back += 1) {
    const hour = lastHour - back
    if (paced.has(hour)) continue
    const until = Math.min((hour + 1) * hourUs, startedAt)
    await write(deps, city.devices, signal, (device) => toEntity(city, measurer, device, timesOf(device, hour * hourUs, until), deps.context, false))
    paced.add(hour)
    await keepDone(deps.rows, 'paced', paced)
    onProgress({ phase: 'own pace', doneHours: back + 1, ofHours })
  }
  const hourly = await readDone(deps.rows, 'hourly')
  const olderHours = historyDays * 24
  for (let back = 24; back < olderHours && !signal.aborted; back += 24) {
    const hours = Array.from({ length: 24 }, (_, index) => lastHour - back - (23 - index)).filter((hour) => !hourly.has(hour))
    if (hours.length === 0) continue
    await write(
      deps,
      city.devices,
      signal,
      (device) =>
      toEntity(city, measurer, device, hours.map((hour) => hour * hourUs), deps.context, false), // prettier-ignore
    )
    for (const hour of hours) hourly.add(hour)
    await keepDone(deps.rows, 'hourly', hourly)
    onProgress({ phase: 'older', doneHours: Math.min(olderHours, back + 24), ofHours: olderHours })
  }
  if (!signal.aborted) onProgress({ phase: 'done', doneHours: Math.max(ofHours, olderHours), ofHours: Math.max(ofHours, olderHours) })
}

function lastTime(device: DemoDevice, startedAt: Instant): readonly Instant[] {
  return timesOf(device, startedAt - paceS(device.kind) * 1_000_000, startedAt).slice(-1)
}

async function write(deps: FillDeps, devices: readonly DemoDevice[], signal: AbortSignal, toOne: (device: DemoDevice) => Entity): Promise<void> {
  for (let first = 0; first < devices.length && !signal.aborted; first += entitiesAtOnce) {
    const entities = devices
      .slice(first, first + entitiesAtOnce)
      .map(toOne)
      .filter(({ attributes }) => Object.keys(attributes).length > 0)
    const outcomes = await writeEntities(
      deps,
      caller,
      entities.map((entity) => ({ kind: 'observe', entity })),
    )
    const refused = outcomes.find((outcome) => outcome.kind === 'refused')
    if (refused?.kind === 'refused') throw new Error(`The past of the made-up city is refused: ${refused.detail}`)
  }
}

/** Which hours since 1970 are written, kept as runs. */
async function readDone(rows: OwnRows, kind: string): Promise<Set<number>> {
  const runs = ((await rows.get('', area, 'filled', kind))?.value ?? []) as readonly (readonly [number, number])[]
  return new Set(runs.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)))
}

async function keepDone(rows: OwnRows, kind: string, hours: ReadonlySet<number>): Promise<void> {
  const runs: [number, number][] = []
  for (const hour of [...hours].toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === hour - 1) last[1] = hour
    else runs.push([hour, hour])
  }
  await rows.write([{ put: { tenant: '', area, kind: 'filled', key: kind, value: runs } }])
}
