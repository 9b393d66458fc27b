import { expandTerm, formatInstant } from '@cityloop/ngsi-ld'
import type { Attribute, Context, Entity, Instant, Json } from '@cityloop/ngsi-ld'
import { queryEntities } from '#broker/read-entities.ts'
import { writeEntities } from '#broker/write-entities.ts'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { Log } from '#runtime/log.ts'
import type { Device } from '../provisioning.ts'
import type { Registry } from '../registry.ts'
import type { Heard } from '../take-measure.ts'
import { findDrift } from './find-drift.ts'
import { isGatewaySilent, isOverdue, learnInterval } from './judge-health.ts'
import type { DeviceState } from './judge-health.ts'

const lookEveryMs = 5000
const second = 1_000_000
/** A device that goes on as before is written this often. */
const writeEveryUs = 600 * second
const driftEveryUs = 3600 * second
const entitiesAtOnce = 500
const defaultIntervalUs = 600 * second

/** How a device does, as callers see it. */
export type DeviceHealth = {
  readonly deviceId: string
  readonly entity: string
  readonly state: DeviceState
  readonly lastSeen?: string
  readonly expectedIntervalS: number
  readonly batteryLevel?: number
  readonly gateway?: string
}

/** The health of all devices: heard of message by message, written as Device entities when something changed, else every ten minutes. */
export type Health = {
  readonly heard: (heard: Heard) => void
  list(tenant: string): readonly DeviceHealth[]
  /** Looks at silence and drift and writes what changed; a timer does it every five seconds. */
  look(): Promise<void>
  close(): Promise<void>
}

export type HealthDeps = WriteDeps & { readonly context: Context; readonly log: Log; readonly registry: Registry }

type Known = {
  readonly tenant: string
  readonly deviceId: string
  readonly entityName: string
  readonly isGateway: boolean
  readonly position: readonly [number, number] | undefined
  gateway: string | undefined
  /** Until it is heard: since when it is waited for. */
  lastSeen: Instant
  isHeard: boolean
  intervalUs: number
  isIntervalStated: boolean
  state: DeviceState
  battery: number | undefined
  writtenAt: Instant
  isChanged: boolean
  /** Slow means of numbers, for the comparison with neighbours. */
  readonly usual: Map<string, number>
}

/** Takes up the Device entities that were written before; their devices are given time from now on to be heard. */
export async function openHealth(deps: HealthDeps): Promise<Health> {
  const { clock, context, registry } = deps
  const name = (term: string): string => expandTerm(context, term)
  const known = new Map<string, Known>()
  let driftAt = clock.now()
  await takeUp()
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    looking = look().catch((error: unknown) => deps.log.warn('device_health_failed', { error: String(error) }))
  }, lookEveryMs)
  timer.unref()

  async function takeUp(): Promise<void> {
    const type = name('Device')
    for (const tenant of await deps.store.tenants()) {
      const provisioned = new Map(registry.devices(tenant).map((device) => [device.deviceId, device]))
      for (let offset = 0; ; offset += 1000) {
        const page = await queryEntities(deps, { id: 'urn:cityloop:devices', tenant }, {
          query: { entities: [{ types: { kind: 'anyOf', alternatives: [[{ written: 'Device', expanded: type }]] } }] },
          moment: { kind: 'now' },
          offset,
          limit: 1000,
          count: false,
        }) // prettier-ignore
        for (const entity of page.entities) remember(provisioned, entity)
        if (page.isLast) break
      }
    }
  }

  function remember(provisioned: ReadonlyMap<string, Device>, entity: Entity): void {
    const value = (term: string): Json | undefined => entity.attributes[name(term)]?.[0]?.value
    const [deviceId, state] = [value('serialNumber'), value('deviceState')]
    const device = typeof deviceId === 'string' ? provisioned.get(deviceId) : undefined
    if (device === undefined) return
    const entry = entryFor(device, clock.now())
    const reported = value('dateLastValueReported')
    Object.assign(entry, { isChanged: false, writtenAt: clock.now(), isHeard: reported !== undefined })
    if (state === 'silent' || state === 'unreachable' || state === 'drifting') entry.state = state
    const battery = value('batteryLevel')
    if (typeof battery === 'number') entry.battery = battery
  }

  function entryFor(device: Device, at: Instant): Known {
    const key = `${device.tenant}\n${device.deviceId}`
    const found = known.get(key)
    if (found !== undefined) return found
    const { expected_interval: stated, gateway } = device.document
    const made: Known = {
      tenant: device.tenant,
      deviceId: device.deviceId,
      entityName: device.entityName,
      isGateway: false,
      position: positionOf(device),
      gateway: typeof gateway === 'string' ? gateway : undefined,
      lastSeen: at,
      isHeard: false,
      intervalUs: typeof stated === 'number' && stated > 0 ? stated * second : defaultIntervalUs,
      isIntervalStated: typeof stated === 'number' && stated > 0,
      state: 'ok',
      battery: undefined,
      writtenAt: 0,
      isChanged: true,
      usual: new Map(),
    }
    known.set(key, made)
    return made
  }

  function gatewayFor({ gateway, tenant }: Known): Known | undefined {
    if (gateway === undefined) return undefined
    const key = `${tenant}\n\n${gateway}`
    const found = known.get(key)
    if (found !== undefined) return found
    const made: Known = { tenant, deviceId: gateway, entityName: '', isGateway: true, position: undefined, gateway: undefined, lastSeen: 0, isHeard: false, intervalUs: second, isIntervalStated: true, state: 'ok', battery: undefined, writtenAt: 0, isChanged: true, usual: new Map() } // prettier-ignore
    known.set(key, made)
    return made
  }

  function heard({ at, device, gateway, values }: Heard): void {
    const entry = entryFor(device, at)
    if (!entry.isIntervalStated && entry.isHeard) entry.intervalUs = learnInterval(entry.intervalUs, at - entry.lastSeen)
    entry.lastSeen = Math.max(entry.lastSeen, at)
    if (!entry.isHeard) Object.assign(entry, { isHeard: true, isChanged: true })
    if (gateway !== undefined) entry.gateway = gateway
    if (entry.state === 'silent' || entry.state === 'unreachable') setState(entry, 'ok')
    const through = gatewayFor(entry)
    if (through !== undefined) {
      Object.assign(through, { lastSeen: Math.max(through.lastSeen, at), isHeard: true })
      if (through.state !== 'ok') setState(through, 'ok')
    }
    for (const [field, value] of values) {
      if (typeof value !== 'number' || !Number.isFinite(value)) continue
      if (field === 'batteryLevel' || field === 'battery') noteBattery(entry, value)
      const usual = entry.usual.get(field)
      entry.usual.set(field, usual === undefined ? value : usual + 0.05 * (value - usual))
    }
  }

  /** A battery trembles: it counts from five hundredths on. Percentages become fractions. */
  function noteBattery(entry: Known, value: number): void {
    const level = value > 1 ? value / 100 : value
    if (level < 0 || level > 1 || (entry.battery !== undefined && Math.abs(level - entry.battery) < 0.05)) return
    entry.battery = Math.round(level * 100) / 100
    entry.isChanged = true
  }

  function setState(entry: Known, state: DeviceState): void {
    if (entry.state === state) return
    entry.state = state
    entry.isChanged = true
  }

  async function look(): Promise<void> {
    const now = clock.now()
    // A device that says how often it speaks is waited for, also where it never spoke.
    for (const device of registry.everyDevice()) {
      const { expected_interval: stated } = device.document
      if (typeof stated === 'number' && !known.has(`${device.tenant}\n${device.deviceId}`)) entryFor(device, now).isChanged = false
    }
    const behind = Map.groupBy(
      [...known.values()].filter((entry) => !entry.isGateway && entry.gateway !== undefined),
      (entry) => `${entry.tenant}\n\n${entry.gateway ?? ''}`,
    )
    const dead = new Set<string>()
    for (const [key, entries] of behind) {
      if (!isGatewaySilent(entries, now)) continue
      dead.add(key)
      const gateway = entries[0] === undefined ? undefined : gatewayFor(entries[0])
      if (gateway !== undefined) setState(gateway, 'silent')
    }
    for (const entry of known.values()) {
      if (entry.isGateway || entry.state === 'silent' || entry.state === 'unreachable' || !isOverdue(entry, now)) continue
      setState(entry, dead.has(`${entry.tenant}\n\n${entry.gateway ?? ''}`) ? 'unreachable' : 'silent')
    }
    if (now - driftAt > driftEveryUs) {
      driftAt = now
      compareNeighbours()
    }
    await write(now)
  }

  function compareNeighbours(): void {
    const drifting = new Set<Known>()
    const comparable = Map.groupBy([...known.values()].filter(({ position }) => position !== undefined), ({ entityName, tenant }) => `${tenant}\n${entityName.split(':')[2] ?? ''}`) // prettier-ignore
    for (const entries of comparable.values()) {
      for (const field of new Set(entries.flatMap(({ usual }) => [...usual.keys()]))) {
        const having = entries.filter(({ usual }) => usual.has(field))
        const byId = new Map(having.map((entry) => [entry.deviceId, entry]))
        const found = findDrift(
          having.map(({ deviceId, position, usual }) => ({ id: deviceId, value: usual.get(field) ?? 0, position: position ?? [0, 0] })),
        )
        for (const { id } of found) {
          const entry = byId.get(id)
          if (entry !== undefined) drifting.add(entry)
        }
      }
    }
    for (const entry of known.values()) {
      if (entry.state === 'ok' && drifting.has(entry)) setState(entry, 'drifting')
      else if (entry.state === 'drifting' && !drifting.has(entry)) setState(entry, 'ok')
    }
  }

  async function write(now: Instant): Promise<void> {
    const due = [...known.values()].filter(
      ({ isChanged, isHeard, lastSeen, writtenAt }) => isChanged || (isHeard && lastSeen > writtenAt && now - writtenAt > writeEveryUs),
    )
    for (const [tenant, entries] of Map.groupBy(due, (entry) => entry.tenant)) {
      for (let first = 0; first < entries.length; first += entitiesAtOnce) {
        const part = entries.slice(first, first + entitiesAtOnce)
        for (const entry of part) Object.assign(entry, { isChanged: false, writtenAt: now })
        await writeEntities(
          deps,
          { id: 'urn:cityloop:devices', tenant },
          part.map((entry) => ({ kind: 'observe', entity: toDeviceEntity(entry, now) })),
        )
      }
    }
  }

  function toDeviceEntity(entry: Known, now: Instant): Entity {
    const property = (value: Json, unitCode?: string): Attribute[] => [
      { kind: 'Property', value, observedAt: now, ...(unitCode === undefined ? {} : { unitCode }) },
    ]
    const fixed = (value: Json): Attribute[] => [{ kind: 'Property', value }]
    const { battery, deviceId, gateway, intervalUs, isGateway, lastSeen, position, state } = entry
    return {
      id: `urn:ngsi-ld:Device:${isGateway ? 'gateway-' : ''}${encodeURIComponent(deviceId)}`,
      types: [name('Device')],
      attributes: {
        [name('serialNumber')]: fixed(deviceId),
        [name('deviceCategory')]: fixed(isGateway ? 'gateway' : 'sensor'),
        [name('deviceState')]: property(state),
        ...(entry.isHeard ? { [name('dateLastValueReported')]: property(formatInstant(lastSeen)) } : {}),
        ...(isGateway ? {} : { [name('expectedInterval')]: property(Math.round(intervalUs / second), 'SEC') }),
        ...(isGateway ? {} : { [name('controlledAsset')]: [{ kind: 'Relationship', value: entry.entityName }] }),
        ...(gateway === undefined ? {} : { [name('provider')]: fixed(gateway) }),
        ...(battery === undefined ? {} : { [name('batteryLevel')]: property(battery) }),
        ...(position === undefined ? {} : { [name('location')]: [{ kind: 'GeoProperty', value: { type: 'Point', coordinates: position } }] }),
      },
    }
  }

  return {
    heard,
    look,
    list: (tenant) =>
      registry.devices(tenant).map((device): DeviceHealth => {
        const entry = known.get(`${tenant}\n${device.deviceId}`)
        const { expected_interval: stated } = device.document
        return {
          deviceId: device.deviceId,
          entity: device.entityName,
          state: entry?.state ?? 'ok',
          expectedIntervalS: entry === undefined ? (typeof stated === 'number' ? stated : defaultIntervalUs / second) : entry.intervalUs / second,
          ...(entry?.isHeard !== true ? {} : { lastSeen: formatInstant(entry.lastSeen) }),
          ...(entry?.battery === undefined ? {} : { batteryLevel: entry.battery }),
          ...(entry?.gateway === undefined ? {} : { gateway: entry.gateway }),
        }
      }),
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}

/** Where a device stands, by its static location. */
function positionOf({ staticAttributes }: Device): readonly [number, number] | undefined {
  const location = staticAttributes.find(({ name }) => name === 'location')?.value
  const coordinates = typeof location === 'object' && location !== null && 'coordinates' in location ? location['coordinates'] : undefined
  const [lon, lat] = Array.isArray(coordinates) ? (coordinates as readonly Json[]) : []
  return typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : undefined
}
