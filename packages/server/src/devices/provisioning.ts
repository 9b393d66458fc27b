import { badRequest, isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'

/** The ways a payload is written: `json`, `ultralight`. */
export type Protocol = 'json' | 'ultralight'

/** How one measured name becomes an attribute: the agents' `attributes` entry. */
export type AttributeMapping = {
  /** The name in the payload; the attribute's own where absent. */
  readonly objectId: string
  readonly name: string
  /** An NGSI-LD kind, or one of the agents' NGSI types (`Number`, `geo:point`, ...), which give Property or GeoProperty. */
  readonly type: string
  /** A JEXL expression over the measure, as IoT Agents have it. */
  readonly expression?: string
  readonly unitCode?: string
}

/** An attribute that every measure of a device carries. */
export type StaticAttribute = { readonly name: string; readonly type: string; readonly value: Json }

export type CommandMapping = { readonly objectId: string; readonly name: string }

/** Devices that share an API key: the agents' service group. `path` is FIWARE's service path, used as scope. */
export type ServiceGroup = {
  readonly apiKey: string
  readonly resource: string
  readonly tenant: string
  readonly path: string
  readonly entityType: string
  readonly protocol: Protocol
  readonly attributes: readonly AttributeMapping[]
  readonly staticAttributes: readonly StaticAttribute[]
  readonly commands: readonly CommandMapping[]
  /** Whether a device that is not provisioned becomes one by its first measure. */
  readonly autoprovision: boolean
  readonly document: JsonObject
}

/** A provisioned device. What it does not state, its group does. */
export type Device = {
  readonly deviceId: string
  readonly tenant: string
  readonly path: string
  readonly apiKey: string | undefined
  readonly entityName: string
  readonly entityType: string
  readonly protocol: Protocol | undefined
  readonly transport: 'MQTT' | 'HTTP' | undefined
  readonly attributes: readonly AttributeMapping[]
  readonly staticAttributes: readonly StaticAttribute[]
  readonly commands: readonly CommandMapping[]
  readonly document: JsonObject
}

/** Reads one of the `services` of a provisioning document. Throws `BadRequestData`, naming the member. */
export function parseServiceGroup(value: Json, tenant: string, path: string): ServiceGroup {
  const document = object(value, 'A service')
  const entityType = text(document['entity_type'] ?? document['type'], 'entity_type')
  return {
    apiKey: text(document['apikey'], 'apikey'),
    resource: document['resource'] === undefined ? '' : text(document['resource'], 'resource', true),
    tenant,
    path,
    entityType,
    protocol: parseProtocol(document['protocol'] ?? document['transport_protocol']) ?? 'json',
    ...parseMappings(document),
    autoprovision: document['autoprovision'] !== false,
    document,
  }
}

/** Reads one of the `devices` of a provisioning document. `entity_name` defaults to a URN of type and id. */
export function parseDevice(value: Json, tenant: string, path: string): Device {
  const document = object(value, 'A device')
  const deviceId = text(document['device_id'], 'device_id')
  const entityType = document['entity_type'] === undefined ? 'Thing' : text(document['entity_type'], 'entity_type')
  const transport = document['transport']
  return {
    deviceId,
    tenant,
    path,
    apiKey: document['apikey'] === undefined ? undefined : text(document['apikey'], 'apikey'),
    entityName: toEntityId(document['entity_name'] === undefined ? deviceId : text(document['entity_name'], 'entity_name'), entityType),
    entityType,
    protocol: parseProtocol(document['protocol']),
    transport: transport === 'MQTT' || transport === 'HTTP' ? transport : undefined,
    ...parseMappings(document),
    document,
  }
}

/** An entity id of an agent, which need not be a URI. */
export function toEntityId(name: string, type: string): string {
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(name) ? name : `urn:ngsi-ld:${type}:${encodeURIComponent(name)}`
}

function parseMappings(document: JsonObject): Pick<Device, 'attributes' | 'staticAttributes' | 'commands'> {
  return {
    attributes: list(document['attributes'], 'attributes').map((item) => {
      const name = text(item['name'], 'attributes.name')
      const { expression, metadata } = item
      const unit = isJsonObject(metadata) && isJsonObject(metadata['unitCode']) ? metadata['unitCode']['value'] : item['unitCode']
      return {
        objectId: item['object_id'] === undefined ? name : text(item['object_id'], 'attributes.object_id'),
        name,
        type: item['type'] === undefined ? 'Property' : text(item['type'], 'attributes.type'),
        ...(expression === undefined ? {} : { expression: text(expression, 'attributes.expression') }),
        ...(typeof unit === 'string' ? { unitCode: unit } : {}),
      }
    }),
    staticAttributes: list(document['static_attributes'], 'static_attributes').map((item) => {
      if (item['value'] === undefined) throw badRequest('static_attributes.value must be given')
      return {
        name: text(item['name'], 'static_attributes.name'),
        type: item['type'] === undefined ? 'Property' : text(item['type'], 'static_attributes.type'),
        value: item['value'],
      }
    }),
    commands: list(document['commands'], 'commands').map((item) => {
      const name = text(item['name'], 'commands.name')
      return { name, objectId: item['object_id'] === undefined ? name : text(item['object_id'], 'commands.object_id') }
    }),
  }
}

function parseProtocol(value: Json | undefined): Protocol | undefined {
  if (value === undefined) return undefined
  const word = text(value, 'protocol').toLowerCase()
  if (/^(iota-)?(json)$/.test(word)) return 'json'
  if (/^(pdi-iota-|iota-)?(ultralight|ul|ul20|ul2\.0)$/.test(word)) return 'ultralight'
  throw badRequest(`protocol must be JSON or UltraLight (PDI-IoTA-UltraLight), not ${JSON.stringify(value)}`)
}

function list(value: Json | undefined, what: string): readonly JsonObject[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw badRequest(`${what} must be an array`)
  return (value as readonly Json[]).map((item) => object(item, `An item of ${what}`))
}

function object(value: Json | undefined, what: string): JsonObject {
  if (!isJsonObject(value)) throw badRequest(`${what} must be an object, not ${JSON.stringify(value)}`)
  return value
}

function text(value: Json | undefined, what: string, mayBeEmpty = false): string {
  if (typeof value !== 'string' || (value === '' && !mayBeEmpty)) throw badRequest(`${what} must be a text, not ${JSON.stringify(value)}`)
  return value
}
