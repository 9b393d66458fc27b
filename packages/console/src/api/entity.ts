/** An attribute instance in the normalized representation, as far as the console reads it. */
export type AttributeInstance = {
  readonly type: string
  readonly value?: unknown
  readonly object?: unknown
  readonly languageMap?: Readonly<Record<string, string | readonly string[]>>
  readonly vocab?: unknown
  readonly json?: unknown
  readonly valueList?: readonly unknown[]
  readonly objectList?: readonly unknown[]
  readonly observedAt?: string
  readonly unitCode?: string
  readonly datasetId?: string
  readonly createdAt?: string
  readonly modifiedAt?: string
  readonly [subAttribute: string]: unknown
}

/** A normalized entity as the API answers it: members that are no attributes are strings or lists of strings. */
export type EntityDocument = { readonly id: string; readonly type: string | readonly string[]; readonly [member: string]: unknown }

/** One attribute of an entity with its instances, more than one where they differ by dataset id. */
export type NamedAttribute = { readonly name: string; readonly instances: readonly AttributeInstance[] }

const entityMembers = new Set(['id', 'type', 'scope', 'createdAt', 'modifiedAt', 'deletedAt', 'expiresAt', '@context'])
const instanceMembers = new Set([
  'type',
  'value',
  'object',
  'objectType',
  'languageMap',
  'vocab',
  'json',
  'valueList',
  'objectList',
  'observedAt',
  'unitCode',
  'datasetId',
  'instanceId',
  'createdAt',
  'modifiedAt',
  'deletedAt',
  'expiresAt',
])

/** The entity's first type name, by which its layer is found. */
export function typeOf(entity: EntityDocument): string {
  return typeof entity.type === 'string' ? entity.type : (entity.type[0] ?? '')
}

/** All attributes in the order of the document. */
export function attributesOf(entity: EntityDocument): readonly NamedAttribute[] {
  return Object.keys(entity)
    .filter((name) => !entityMembers.has(name))
    .map((name) => ({ name, instances: instancesOf(entity[name]) }))
    .filter((attribute) => attribute.instances.length > 0)
}

/** The sub-attributes of an attribute instance. */
export function subAttributesOf(instance: AttributeInstance): readonly NamedAttribute[] {
  return Object.keys(instance)
    .filter((name) => !instanceMembers.has(name))
    .map((name) => ({ name, instances: instancesOf(instance[name]) }))
    .filter((attribute) => attribute.instances.length > 0)
}

/** The instances of one attribute, the one without a dataset id first. */
export function instancesOf(member: unknown): readonly AttributeInstance[] {
  const list = Array.isArray(member) ? member : [member]
  return list.filter(isInstance).toSorted((a, b) => (a.datasetId ?? '').localeCompare(b.datasetId ?? ''))
}

/** What an instance says, whatever its kind; a language map answers in the language asked for, else in the first it has. */
export function contentOf(instance: AttributeInstance, language: string): unknown {
  if (instance.languageMap !== undefined) {
    return instance.languageMap[language] ?? instance.languageMap['@none'] ?? Object.values(instance.languageMap)[0]
  }
  return instance.value ?? instance.object ?? instance.vocab ?? instance.json ?? instance.valueList ?? instance.objectList
}

/** The number an attribute shows on a map, or null where it has none. */
export function numberOf(entity: EntityDocument, attribute: string): number | null {
  const value = instancesOf(entity[attribute])[0]?.value
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** The position of the entity's point, or the first position of a line or an area; null where it has no location. */
export function positionOf(entity: EntityDocument): { readonly lon: number; readonly lat: number } | null {
  let coordinates: unknown = (instancesOf(entity['location'])[0]?.value as { coordinates?: unknown } | undefined)?.coordinates
  while (Array.isArray(coordinates) && Array.isArray(coordinates[0])) coordinates = coordinates[0]
  if (!Array.isArray(coordinates)) return null
  const [lon, lat] = coordinates as unknown[]
  return typeof lon === 'number' && typeof lat === 'number' ? { lon, lat } : null
}

/** What people call the entity: its name, else the end of its id. */
export function labelOf(entity: EntityDocument, language: string): string {
  for (const attribute of ['name', 'stationName', 'alternateName']) {
    const instance = instancesOf(entity[attribute])[0]
    const content = instance === undefined ? undefined : contentOf(instance, language)
    if (typeof content === 'string' && content !== '') return content
  }
  return shortId(entity.id)
}

/** The end of a URN without its namespace and type: `urn:ngsi-ld:WasteContainer:a:7` reads `a:7`. */
export function shortId(id: string): string {
  const parts = id.split(':')
  return parts[0] === 'urn' && parts.length > 3 ? parts.slice(3).join(':') : id
}

function isInstance(value: unknown): value is AttributeInstance {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
