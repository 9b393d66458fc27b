import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Device, ServiceGroup } from '../provisioning.ts'
import { Untakeable } from '../read-payload.ts'
import type { Measure } from '../read-payload.ts'
import type { Codecs } from './codecs.ts'
import { readUplink } from './read-uplink.ts'
import type { Uplink } from './read-uplink.ts'

/** The uplink in what a network server sent; `undefined` for its other events. Throws `Untakeable`. */
export function parseUplink(payload: Uint8Array): Uplink | undefined {
  let document: Json
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as Json
  } catch (error) {
    throw new Untakeable('payload-json', `The payload is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return readUplink(document)
}

/** What an uplink measured: by the codec of the device or its group, else as the network server itself decoded it. Throws `Untakeable`. */
export async function decodeUplink(codecs: Codecs, uplink: Uplink, device: Device, group: ServiceGroup): Promise<Measure> {
  const codec = codecNameOf(device.document) ?? codecNameOf(group.document)
  const fields = codec === undefined ? uplink.decoded : await codecs.decode(group.tenant, codec, uplink)
  if (fields === undefined)
    throw new Untakeable('codec-missing', `Device ${device.deviceId} has no codec, and ${uplink.dialect} sent no decoded fields`)
  return toMeasure(fields, uplink.time)
}

/** Fields as a measure. */
export function toMeasure(fields: JsonObject, time: string | undefined): Measure {
  return { values: new Map(Object.entries(fields)), ...(time === undefined ? {} : { timestamp: time }) }
}

function codecNameOf({ codec }: JsonObject): string | undefined {
  return typeof codec === 'string' && codec !== '' ? codec : undefined
}
