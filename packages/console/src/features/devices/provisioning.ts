/** How a measured name becomes an attribute, in the agents' words. */
export type AttributeMapping = {
  readonly object_id?: string
  readonly name: string
  readonly type?: string
  readonly unitCode?: string
  readonly expression?: string
  readonly metadata?: { readonly unitCode?: { readonly value?: unknown } }
}

/** An attribute that every measure carries. */
export type StaticAttribute = { readonly name: string; readonly type?: string; readonly value: unknown }

/** A command that a device understands. */
export type CommandMapping = { readonly name: string; readonly object_id?: string; readonly type?: string }

type Mappings = {
  readonly attributes?: readonly AttributeMapping[]
  readonly static_attributes?: readonly StaticAttribute[]
  readonly commands?: readonly CommandMapping[]
}

/** A service group as FIWARE's agents write it. */
export type ServiceGroup = Mappings & {
  readonly apikey: string
  readonly entity_type?: string
  readonly type?: string
  readonly protocol?: string
  readonly resource?: string
  readonly autoprovision?: boolean
  readonly codec?: string
}

/** A device as FIWARE's agents write it. */
export type Device = Mappings & {
  readonly device_id: string
  readonly apikey?: string
  readonly entity_type?: string
  readonly entity_name?: string
  readonly protocol?: string
  readonly transport?: string
  readonly codec?: string
  readonly service_path?: string
}

/** A device being written: every field as text. */
export type DeviceDraft = {
  readonly deviceId: string
  readonly apiKey: string
  readonly entityType: string
  readonly entityName: string
  readonly protocol: string
  readonly transport: string
  readonly name: string
  readonly latitude: string
  readonly longitude: string
  /** `t=temperature:CEL; h=relativeHumidity`: name in the payload, attribute, unit code. */
  readonly attributes: string
  /** `switch; dim`. */
  readonly commands: string
}

/** A draft of which nothing is known yet. */
export const emptyDevice: DeviceDraft = {
  deviceId: '',
  apiKey: '',
  entityType: '',
  entityName: '',
  protocol: '',
  transport: '',
  name: '',
  latitude: '',
  longitude: '',
  attributes: '',
  commands: '',
}

/** What is wrong with a draft, by field. */
export type DeviceFault = { readonly field: keyof DeviceDraft; readonly fault: 'missing' | 'number' | 'latitude' | 'longitude' | 'mapping' }

/** The agents' document that a draft amounts to, or what is wrong with it; the server has the last word. */
export function parseDeviceDraft(draft: DeviceDraft): { readonly device: Device } | { readonly faults: readonly DeviceFault[] } {
  const faults: DeviceFault[] = []
  const text = (field: keyof DeviceDraft): string => draft[field].trim()
  for (const field of ['deviceId', 'apiKey', 'entityType'] as const) if (text(field) === '') faults.push({ field, fault: 'missing' })
  const degrees = (field: 'latitude' | 'longitude', most: number): number | null => {
    const written = text(field).replace(',', '.')
    if (written === '') return null
    const value = Number(written)
    if (!Number.isFinite(value)) faults.push({ field, fault: 'number' })
    else if (Math.abs(value) > most) faults.push({ field, fault: field })
    return value
  }
  const latitude = degrees('latitude', 90)
  const longitude = degrees('longitude', 180)
  if (latitude === null && longitude !== null) faults.push({ field: 'latitude', fault: 'missing' })
  if (longitude === null && latitude !== null) faults.push({ field: 'longitude', fault: 'missing' })
  const attributes = parseAttributes(draft.attributes)
  if (attributes === null) faults.push({ field: 'attributes', fault: 'mapping' })
  if (faults.length > 0 || attributes === null) return { faults }
  const fixed: StaticAttribute[] = []
  if (text('name') !== '') fixed.push({ name: 'name', type: 'Property', value: text('name') })
  if (latitude !== null && longitude !== null)
    fixed.push({ name: 'location', type: 'GeoProperty', value: { type: 'Point', coordinates: [longitude, latitude] } })
  const commands = partsOf(draft.commands)
  return {
    device: {
      device_id: text('deviceId'),
      apikey: text('apiKey'),
      entity_type: text('entityType'),
      ...(text('entityName') === '' ? {} : { entity_name: text('entityName') }),
      ...(text('protocol') === '' ? {} : { protocol: text('protocol') }),
      ...(text('transport') === '' ? {} : { transport: text('transport') }),
      ...(attributes.length === 0 ? {} : { attributes }),
      ...(fixed.length === 0 ? {} : { static_attributes: fixed }),
      ...(commands.length === 0 ? {} : { commands: commands.map((name) => ({ name, object_id: name, type: 'command' })) }),
    },
  }
}

/** Reads `t=temperature:CEL; relativeHumidity`; null where a part has no name. */
export function parseAttributes(text: string): readonly AttributeMapping[] | null {
  const read: AttributeMapping[] = []
  for (const part of partsOf(text)) {
    const match = /^(?:([^=]+)=)?([^=:]+)(?::(\w+))?$/.exec(part)
    if (match === null) return null
    const [, objectId, name = '', unitCode] = match
    read.push({
      object_id: (objectId ?? name).trim(),
      name: name.trim(),
      type: 'Property',
      ...(unitCode === undefined ? {} : { unitCode }),
    })
  }
  return read
}

/** The id of the entity that a device's values go to, as the server makes it. */
export function entityIdOf(device: Device): string {
  const name = device.entity_name ?? device.device_id
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(name) ? name : `urn:ngsi-ld:${device.entity_type ?? 'Thing'}:${encodeURIComponent(name)}`
}

function partsOf(text: string): readonly string[] {
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
