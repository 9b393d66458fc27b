import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import { Untakeable } from '../read-payload.ts'

/** The network servers whose uplinks are understood. */
export type Dialect = 'ChirpStack 3' | 'ChirpStack 4' | 'The Things Stack 3'

/** An uplink in one form, whichever network server sent it. */
export type Uplink = {
  readonly dialect: Dialect
  /** 16 hexadecimal digits, lower case: the device id under which LoRaWAN devices are provisioned. */
  readonly devEui: string
  readonly fPort: number
  /** What the device sent. */
  readonly bytes: Uint8Array
  /** What the network server itself made of it, if it did. */
  readonly decoded?: JsonObject
  /** ISO 8601, as the network server says. */
  readonly time?: string
  /** The gateway that heard it best. */
  readonly gateway?: string
  readonly rssi?: number
}

/**
 * Reads what a network server publishes or posts for an uplink, told apart by its members. `undefined` for its other events (joins, acknowledgements, states).
 * Throws `Untakeable` where an uplink lacks what it must have.
 */
export function readUplink(document: Json): Uplink | undefined {
  if (!isJsonObject(document)) throw new Untakeable('payload-form', 'An uplink must be a JSON object')
  if (isJsonObject(document['end_device_ids'])) return readThingsStack(document, document['end_device_ids'])
  if (isJsonObject(document['deviceInfo'])) return readChirpStack4(document, document['deviceInfo'])
  if (typeof document['devEUI'] === 'string') return readChirpStack3(document, document['devEUI'])
  throw new Untakeable(
    'uplink-form',
    'The message is no uplink of ChirpStack 3 or 4, or The Things Stack 3: it has neither end_device_ids, deviceInfo nor devEUI',
  )
}

function readThingsStack(document: JsonObject, ids: JsonObject): Uplink | undefined {
  const message = document['uplink_message']
  if (!isJsonObject(message)) return undefined
  const best = strongest(message['rx_metadata'], (one) => (isJsonObject(one['gateway_ids']) ? one['gateway_ids']['gateway_id'] : undefined))
  return {
    dialect: 'The Things Stack 3',
    devEui: toEui(ids['dev_eui'], 'end_device_ids.dev_eui'),
    // f_port is left out of the JSON where it is 0.
    fPort: number(message['f_port'] ?? 0, 'uplink_message.f_port'),
    bytes: toBytes(message['frm_payload'], 'uplink_message.frm_payload'),
    ...decodedOf(message['decoded_payload']),
    ...timeOf(message['received_at'] ?? document['received_at']),
    ...best,
  }
}

function readChirpStack4(document: JsonObject, deviceInfo: JsonObject): Uplink | undefined {
  if (document['fCnt'] === undefined && document['data'] === undefined) return undefined
  return {
    dialect: 'ChirpStack 4',
    devEui: toEui(deviceInfo['devEui'], 'deviceInfo.devEui'),
    fPort: number(document['fPort'] ?? 0, 'fPort'),
    bytes: toBytes(document['data'], 'data'),
    ...decodedOf(document['object']),
    ...timeOf(document['time']),
    ...strongest(document['rxInfo'], (one) => one['gatewayId']),
  }
}

function readChirpStack3(document: JsonObject, devEui: string): Uplink | undefined {
  if (document['fCnt'] === undefined || (document['data'] === undefined && document['object'] === undefined)) return undefined
  const rx: readonly Json[] = Array.isArray(document['rxInfo']) ? (document['rxInfo'] as readonly Json[]) : []
  const time = rx.map((one) => (isJsonObject(one) ? one['time'] : undefined)).find((one) => typeof one === 'string')
  const embedded = document['objectJSON']
  return {
    dialect: 'ChirpStack 3',
    devEui: toEui(devEui, 'devEUI'),
    fPort: number(document['fPort'] ?? 0, 'fPort'),
    bytes: toBytes(document['data'] ?? '', 'data'),
    ...decodedOf(document['object'] ?? (typeof embedded === 'string' && embedded !== '' ? (JSON.parse(embedded) as Json) : undefined)),
    ...timeOf(document['publishedAt'] ?? time),
    ...strongest(rx, (one) => {
      const id = one['gatewayID']
      return typeof id === 'string' ? toHexId(id, 8) : undefined
    }),
  }
}

/** ChirpStack 3 writes ids in hexadecimal or base64, by its marshaler. */
function toHexId(text: string, bytes: number): string {
  if (text.length === 2 * bytes && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase()
  return Buffer.from(text, 'base64').toString('hex')
}

function toEui(value: Json | undefined, what: string): string {
  const eui = typeof value === 'string' ? toHexId(value.replaceAll(/[-:\s]/g, ''), 8) : ''
  if (eui.length !== 16) throw new Untakeable('uplink-form', `${what} must be a device EUI of 16 hexadecimal digits, not ${JSON.stringify(value)}`)
  return eui
}

function toBytes(value: Json | undefined, what: string): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array()
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new Untakeable('uplink-form', `${what} must be base64`)
  return new Uint8Array(Buffer.from(value, 'base64'))
}

function number(value: Json, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255)
    throw new Untakeable('uplink-form', `${what} must be a whole number from 0 to 255, not ${JSON.stringify(value)}`)
  return value
}

function decodedOf(value: Json | undefined): { readonly decoded?: JsonObject } {
  return isJsonObject(value) && Object.keys(value).length > 0 ? { decoded: value } : {}
}

function timeOf(value: Json | undefined): { readonly time?: string } {
  return typeof value === 'string' && value !== '' ? { time: value } : {}
}

function strongest(value: Json | undefined, idOf: (one: JsonObject) => Json | undefined): { readonly gateway?: string; readonly rssi?: number } {
  let best: { gateway: string; rssi: number } | undefined
  for (const one of Array.isArray(value) ? (value as readonly Json[]) : []) {
    if (!isJsonObject(one)) continue
    const [gateway, rssi] = [idOf(one), one['rssi']]
    if (typeof gateway !== 'string' || typeof rssi !== 'number' || (best !== undefined && rssi <= best.rssi)) continue
    best = { gateway, rssi }
  }
  return best ?? {}
}
