import { emptyDevice } from './provisioning.ts'
import type { DeviceDraft } from './provisioning.ts'

/**
 * Reads what a scanner finds in a device's QR code: the LoRa Alliance's code (TR005, `LW:D0:JoinEUI:DevEUI:ProfileID…`), an address with the agents' `k` and `i`,
 * an agent's JSON document, or `key/device`. Null where it is none of these.
 */
export function readDeviceLabel(text: string): DeviceDraft | null {
  const label = text.trim()
  return readLorawan(label) ?? readJson(label) ?? readAddress(label) ?? readPair(label)
}

/** The text for a device's own label, which `readDeviceLabel` reads back. */
export function toDeviceLabel(apiKey: string, deviceId: string): string {
  return `${encodeURIComponent(apiKey)}/${encodeURIComponent(deviceId)}`
}

function readLorawan(label: string): DeviceDraft | null {
  const match = /^LW:D0:([0-9A-F]{16}):([0-9A-F]{16}):[0-9A-F]{8}/i.exec(label)
  const devEui = match?.[2]
  return devEui === undefined ? null : { ...emptyDevice, deviceId: devEui.toLowerCase() }
}

function readAddress(label: string): DeviceDraft | null {
  const search = /^https?:\/\//i.test(label) ? URL.parse(label)?.searchParams : undefined
  const deviceId = search?.get('i') ?? ''
  return deviceId === '' ? null : { ...emptyDevice, deviceId, apiKey: search?.get('k') ?? '' }
}

function readJson(label: string): DeviceDraft | null {
  if (!label.startsWith('{')) return null
  let document: Readonly<Record<string, unknown>>
  try {
    document = JSON.parse(label) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
  const text = (name: string): string => (typeof document[name] === 'string' ? document[name] : '')
  if (text('device_id') === '') return null
  return {
    ...emptyDevice,
    deviceId: text('device_id'),
    apiKey: text('apikey'),
    entityType: text('entity_type'),
    entityName: text('entity_name'),
    protocol: text('protocol'),
    transport: text('transport'),
  }
}

function readPair(label: string): DeviceDraft | null {
  const match = /^([^\s/]+)\/([^\s/]+)$/.exec(label)
  if (match === null) return null
  try {
    return { ...emptyDevice, apiKey: decodeURIComponent(match[1] ?? ''), deviceId: decodeURIComponent(match[2] ?? '') }
  } catch {
    return null
  }
}
