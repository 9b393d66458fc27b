import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Context, Entity, Instant, Json } from '@cityloop/ngsi-ld'
import { writeEntities } from '#broker/write-entities.ts'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { EvaluateExpression } from './expressions.ts'
import type { Codecs } from './lorawan/codecs.ts'
import { decodeUplink, parseUplink } from './lorawan/decode-uplink.ts'
import type { Device, Protocol, ServiceGroup } from './provisioning.ts'
import { parseDevice } from './provisioning.ts'
import { Untakeable, readPayload, readValue } from './read-payload.ts'
import type { Measure } from './read-payload.ts'
import type { Quarantine } from './quarantine.ts'
import type { Registry } from './registry.ts'
import { toEntity } from './to-entity.ts'

/** One message of a device, as it came. `attribute` names the one attribute whose value the payload is. */
export type Message = {
  readonly apiKey: string
  readonly deviceId: string
  /** `lorawan`: the payload is what a LoRaWAN network server says of an uplink. */
  readonly protocol: Protocol | 'lorawan' | undefined
  readonly attribute?: string
  readonly payload: Uint8Array
  readonly transport: 'MQTT' | 'HTTP'
  readonly receivedAt: Instant
  /** What the transport says of when it was measured. */
  readonly timestamp?: string
}

export type MeasureDeps = WriteDeps & {
  readonly codecs: Codecs
  readonly context: Context
  readonly evaluate: EvaluateExpression
  readonly quarantine: Quarantine
  readonly registry: Registry
  /** Told of every device that was heard, after the commit. */
  readonly heard: (heard: Heard) => void
}

/** That a device was heard: by which gateway, and the values it gave. */
export type Heard = {
  readonly device: Device
  readonly group: ServiceGroup
  readonly at: Instant
  readonly gateway: string | undefined
  readonly values: ReadonlyMap<string, Json>
}

/** What became of a message; both are durable when told. */
export type Taken =
  | { readonly kind: 'observed'; readonly entities: number }
  | { readonly kind: 'quarantined'; readonly rule: string; readonly detail: string }

/**
 * Takes one message in. Resolves when what it says, or its place in the quarantine, is committed; rejects only where neither could be, so that the sender
 * keeps it.
 */
export async function takeMeasure(deps: MeasureDeps, message: Message): Promise<Taken> {
  try {
    const entities = await observe(deps, message)
    return { kind: 'observed', entities }
  } catch (error) {
    const refused =
      error instanceof Untakeable
        ? error
        : error instanceof NgsiLdError && !passes(error)
          ? new Untakeable('refused', error.message, { cause: error })
          : undefined
    if (refused === undefined) throw error
    const tenant = deps.registry.findGroup(message.apiKey)?.tenant ?? ''
    await deps.quarantine.keep(tenant, message, refused)
    return { kind: 'quarantined', rule: refused.rule, detail: refused.message }
  }
}

/** Reads, maps and writes a message; throws `Untakeable`. Also how the quarantine tries a message again. */
export async function observe(deps: MeasureDeps, message: Message): Promise<number> {
  const found =
    message.protocol === 'lorawan' ? await readUplinkMessage(deps, message) : await readMessage(deps, { ...message, protocol: message.protocol })
  if (found === undefined) return 0
  const { device, gateway, group, measures } = found
  const entities = measures.map((measure): Entity => {
    const timed = measure.timestamp === undefined && message.timestamp !== undefined ? { ...measure, timestamp: message.timestamp } : measure
    return toEntity(device, group, timed, message.receivedAt, deps.context, deps.evaluate)
  })
  const caller = { id: `urn:cityloop:device:${encodeURIComponent(device.deviceId)}`, tenant: group.tenant }
  const outcomes = await writeEntities(
    deps,
    caller,
    entities.map((entity) => ({ kind: 'observe', entity })),
  )
  const refused = outcomes.find((outcome) => outcome.kind === 'refused')
  if (refused?.kind === 'refused') throw new Untakeable('refused', refused.detail)
  deps.heard({ device, group, at: message.receivedAt, gateway, values: measures.at(-1)?.values ?? new Map() })
  return entities.length
}

/** What a message says, and of which device. */
type Read = { readonly device: Device; readonly group: ServiceGroup; readonly measures: readonly Measure[]; readonly gateway: string | undefined }

async function readMessage(deps: MeasureDeps, message: Message & { readonly protocol: Protocol | undefined }): Promise<Read> {
  const group = groupOf(deps, message.apiKey)
  const device = deps.registry.findDevice(message.apiKey, message.deviceId) ?? (await provision(deps, message))
  const measures =
    message.attribute === undefined
      ? readPayload(message.payload, message.protocol ?? device.protocol ?? group.protocol)
      : [{ values: new Map<string, Json>([[message.attribute, readValue(message.payload)]]) }]
  return { device, group, measures, gateway: undefined }
}

/** An uplink is of the device with its EUI: of the sender's key where there is one, else of whichever key has it. */
async function readUplinkMessage(deps: MeasureDeps, message: Message): Promise<Read | undefined> {
  const uplink = parseUplink(message.payload)
  if (uplink === undefined) return undefined
  const apiKey = message.apiKey === '' ? (deps.registry.findByEui(uplink.devEui) ?? '') : message.apiKey
  if (apiKey === '') throw new Untakeable('unknown-device', `No device with the EUI ${uplink.devEui} is provisioned`)
  const group = groupOf(deps, apiKey)
  const device = deps.registry.findDevice(apiKey, uplink.devEui) ?? (await provision(deps, { apiKey, deviceId: uplink.devEui }))
  return { device, group, measures: [await decodeUplink(deps.codecs, uplink, device, group)], gateway: uplink.gateway }
}

function groupOf({ registry }: MeasureDeps, apiKey: string): ServiceGroup {
  const group = registry.findGroup(apiKey)
  if (group === undefined) throw new Untakeable('unknown-key', `No service group has the API key ${apiKey}`)
  return group
}

/** A group may let devices that nobody provisioned become known by their first measure. */
async function provision({ registry }: MeasureDeps, { apiKey, deviceId }: Pick<Message, 'apiKey' | 'deviceId'>): Promise<Device> {
  const group = registry.findGroup(apiKey)
  if (group === undefined || !group.autoprovision)
    throw new Untakeable('unknown-device', `Device ${deviceId} is not provisioned, and its service group lets none in by itself`)
  const device = parseDevice({ device_id: deviceId, entity_type: group.entityType, apikey: apiKey }, group.tenant, group.path)
  await registry.putDevice(device)
  return device
}

/** Faults that pass by themselves: the sender shall try again. */
function passes(error: NgsiLdError): boolean {
  return error.type === 'Unavailable' || error.type === 'InsufficientStorage' || error.type === 'TooManyRequests'
}
