import { matchesEntity, matchesGeoQuery, matchesScopes, searches } from '@cityloop/ngsi-ld'
import type { Attribute, Entity, EntitySelector, GeoQuery, Iri, Json, Q, ScopeQuery, TemporalQuery } from '@cityloop/ngsi-ld'
import type { EntityInfo, Registration, RegistrationInfo } from './registration.ts'

/** What a request is about, as far as registrations can be matched with it (CIM 009, 5.12); absent members restrict nothing. */
export type Interest = {
  readonly selectors?: readonly EntitySelector[]
  /** Expanded attribute names. */
  readonly names?: readonly Iri[]
  readonly datasetIds?: readonly string[]
  readonly geo?: GeoQuery
  readonly scopeQ?: ScopeQuery
  /** The context source filter. */
  readonly csf?: Q
  /** `latest`: only sources that tell of the present; a temporal query: only of the past; absent: a source is not judged by it. */
  readonly time?: 'latest' | TemporalQuery
  /**
   * Whether registrations are looked for (5.10.2), so that one which does not state where, when or in which scope is not found by it; to a request that is
   * distributed it says no more than that anything may be there.
   */
  readonly isDiscovery?: boolean
}

/** The parts of the registration that concern the interest; none where it does not match. */
export function matchingInformation(registration: Registration, interest: Interest): readonly RegistrationInfo[] {
  if (!matchesSource(registration, interest)) return []
  return registration.information.filter((info) => matchesInfo(info, interest))
}

/** Whether an attribute is one of those that the part offers. */
export function hasName({ names }: RegistrationInfo, name: Iri): boolean {
  return names === undefined || names.has(name)
}

/** 5.12: whether there may be an entity that the selector selects and the part speaks of. */
export function mayShareEntity(selector: EntitySelector, entity: EntityInfo): boolean {
  const { types, ids, idPattern } = selector
  const own = entity.types
  if (own !== undefined && types?.kind === 'anyOf' && !types.alternatives.some((all) => all.some(({ expanded }) => own.includes(expanded))))
    return false
  if (ids !== undefined) return ids.some((id) => isOf(entity, id))
  if (idPattern === undefined || entity.id === undefined) return true
  return searches({ pattern: idPattern }, entity.id)
}

/** Whether an id is one of those that the part speaks of. */
export function isOf({ id, idPattern }: EntityInfo, entityId: string): boolean {
  if (id !== undefined) return id === entityId
  return idPattern === undefined || searches({ pattern: idPattern }, entityId)
}

function matchesInfo(info: RegistrationInfo, { selectors, names }: Interest): boolean {
  const { entities } = info
  if (names !== undefined && names.length > 0 && !names.some((name) => hasName(info, name))) return false
  if (entities === undefined || selectors === undefined) return true
  return selectors.some((selector) => entities.some((entity) => mayShareEntity(selector, entity)))
}

function matchesSource(registration: Registration, interest: Interest): boolean {
  const { datasetIds, geo, scopeQ, csf, time, isDiscovery = false } = interest
  const { observationInterval, managementInterval } = registration
  if (time === 'latest' && (observationInterval !== undefined || managementInterval !== undefined)) return false
  if (typeof time === 'object' && !overlaps(registration, time, isDiscovery)) return false
  if (datasetIds !== undefined && registration.datasetIds?.some((id) => datasetIds.includes(id)) === false) return false
  if (scopeQ !== undefined && (isDiscovery || registration.scopes !== undefined) && !matchesScopes(scopeQ, registration.scopes)) return false
  if (geo !== undefined && (isDiscovery || registration.spaces.has(geo.property.expanded)) && !mayContain(registration, geo)) return false
  return csf === undefined || matchesEntity({ q: csf }, asEntity(registration))
}

/** 5.10.2.4: the interval of the queried property must overlap. */
function overlaps({ observationInterval, managementInterval }: Registration, temporal: TemporalQuery, isDiscovery: boolean): boolean {
  const { timeproperty, from, until } = temporal
  const interval = timeproperty === 'observedAt' ? observationInterval : managementInterval
  if (interval === undefined) return !isDiscovery && observationInterval === undefined && managementInterval === undefined
  // A source that begins before the one and ends after the other has something to tell; instants at an edge count.
  return (until === undefined || interval.from <= until) && (from === undefined || interval.until === undefined || interval.until >= from)
}

/** Whether the place that the registration states meets the geoquery, or may contain one that does. */
function mayContain(registration: Registration, geo: GeoQuery): boolean {
  const entity = asEntity(registration)
  if (matchesGeoQuery(geo, entity)) return true
  switch (geo.relation.kind) {
    case 'within':
    case 'overlaps':
    case 'equals':
    case 'contains':
      return matchesGeoQuery({ ...geo, relation: { kind: 'intersects' } }, entity)
    case 'near':
    case 'intersects':
      return false
    case 'beyond':
    case 'disjoint':
      return [...registration.spaces].some(([name, space]) => name === geo.property.expanded && isExtended(plain(space)))
  }
}

/** Something with an extent has a part that lies elsewhere. */
function isExtended(geometry: Json): boolean {
  return typeof geometry === 'object' && geometry !== null && 'type' in geometry && geometry['type'] !== 'Point'
}

/** A registration as what queries are asked of: its context source properties, and its spaces as GeoProperties. */
function asEntity({ id, properties, spaces }: Registration): Entity {
  const attributes: Record<Iri, readonly Attribute[]> = {}
  for (const [name, value] of properties) attributes[name] = [{ kind: 'Property', value: plain(value) }]
  for (const [name, value] of spaces) attributes[name] = [{ kind: 'GeoProperty', value: plain(value) }]
  return { id, types: [], attributes }
}

/** The value of a property that is stated in full. */
function plain(value: Json): Json {
  return typeof value === 'object' && value !== null && 'value' in value ? (value['value'] ?? null) : value
}
