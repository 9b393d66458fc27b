import { type Entity, type Iri, instancesOf } from '../entity/entity.ts'
import { scopeName } from '../representation/attribute-kinds.ts'
import { type Scope, admits, project } from '../scope/scope.ts'
import { matchesQ } from './evaluate-q.ts'
import { type GeoQuery, matchesGeoQuery } from './geo-query.ts'
import { searches } from './pattern.ts'
import { type Q, pathsOf } from './q.ts'
import type { FindLinked } from './q-target.ts'
import { type ScopeQuery, matchesScopes } from './scope-query.ts'
import { type TypeSelection, matchesTypes } from './type-selection.ts'

/** Which entities are asked for (CIM 009, 5.7.2.4); every member that is given must hold. Plain data, safe to send to a worker. */
export type EntityQuery = {
  /** At least one selector must hold; a GET has one of them, a Query document (5.2.23) as many as it has `entities`. */
  readonly entities?: readonly EntitySelector[]
  /** At least one of these attributes must be there. */
  readonly attrs?: readonly Iri[]
  readonly q?: Q
  readonly scopeQ?: ScopeQuery
  readonly geo?: GeoQuery
  /** Which instances the answer holds (4.5.5), `@none` for the default ones: no condition of matching; see `selectDatasets`. */
  readonly datasetIds?: readonly string[]
}

/** Entities by id, pattern of the id and type (5.2.33); every member that is given must hold. */
export type EntitySelector = {
  readonly ids?: readonly string[]
  /** Searched in the id, as RE2 syntax; check it by `compilePattern` when it arrives. */
  readonly idPattern?: string
  readonly types?: TypeSelection
}

/**
 * Whether the entity matches the query: what every store and source must agree with. The entity must be as the caller may see it, and so must what
 * `findLinked` finds; `matchesFor` sees to the former.
 */
export function matchesEntity(query: EntityQuery, entity: Entity, findLinked?: FindLinked): boolean {
  if (query.entities !== undefined && !query.entities.some((selector) => selects(selector, entity))) return false
  if (query.attrs !== undefined && !query.attrs.some((name) => instancesOf(entity.attributes, name).length > 0)) return false
  if (query.scopeQ !== undefined && !matchesScopes(query.scopeQ, entity.scopes)) return false
  if (query.q !== undefined && !matchesQ(query.q, entity, findLinked)) return false
  return query.geo === undefined || matchesGeoQuery(query.geo, entity)
}

/** Whether the caller of `scope` may know of the entity, and what the caller may see of it matches the query. */
export function matchesFor(scope: Scope, query: EntityQuery, entity: Entity, findLinked: FindLinked = () => undefined): boolean {
  return admits(scope, entity) && matchesEntity(query, project(scope, entity), seenThrough(scope, findLinked))
}

/**
 * Whether the query names no types, no attribute of a user's, no geoquery: too wide for all but a local query (5.7.2.4). Every selector must name types, or one of the
 * other members must be there.
 */
export function isTooWide(query: EntityQuery): boolean {
  if (query.geo !== undefined || query.attrs?.some((name) => !isSystemName(name)) === true) return false
  if (query.q !== undefined && pathsOf(query.q).some((path) => path.links.length > 0 || path.names.some((name) => !isSystemName(name.written))))
    return false
  return query.entities?.every((selector) => selector.types?.kind === 'anyOf') !== true
}

/** The expanded names of the attributes that the filters of the query look at, whether or not they are asked for; of linked entities, the relationship here. */
export function filteredNames({ geo, q, scopeQ }: EntityQuery): readonly Iri[] {
  const named = q === undefined ? [] : pathsOf(q).flatMap(({ links, names }) => (links[0]?.name ?? names[0])?.expanded ?? [])
  return [...named, ...(geo === undefined ? [] : [geo.property.expanded]), ...(scopeQ === undefined ? [] : [scopeName])]
}

/** Whether the selector selects the entity. */
export function selects(selector: EntitySelector, entity: Pick<Entity, 'id' | 'types'>): boolean {
  if (selector.ids !== undefined && !selector.ids.includes(entity.id)) return false
  if (selector.types !== undefined && !matchesTypes(selector.types, entity.types)) return false
  return selector.idPattern === undefined || searches(patternOf(selector, selector.idPattern), entity.id)
}

/** Finds what the caller of `scope` may see of linked entities. */
export function seenThrough(scope: Scope, findLinked: FindLinked): FindLinked {
  return (id) => {
    const linked = findLinked(id)
    return linked === undefined || !admits(scope, linked) ? undefined : project(scope, linked)
  }
}

/** The entity with only the instances of these dataset ids (4.5.5), `@none` being the default ones; attributes without any are not there. */
export function selectDatasets(entity: Entity, datasetIds: readonly string[]): Entity {
  const attributes = Object.entries(entity.attributes).flatMap(([name, instances]) => {
    const kept = instances.filter((instance) => datasetIds.includes(instance.datasetId ?? '@none'))
    return kept.length === 0 ? [] : [[name, kept] as const]
  })
  return { ...entity, attributes: Object.fromEntries(attributes) }
}

/** A node for the pattern of each selector, so that it is compiled once. */
const patterns = new WeakMap<EntitySelector, { readonly pattern: string }>()

function patternOf(selector: EntitySelector, pattern: string): { readonly pattern: string } {
  const known = patterns.get(selector)
  if (known !== undefined) return known
  const node = { pattern }
  patterns.set(selector, node)
  return node
}

/** The temporal properties that the system gives (4.8), as a term or expanded. */
function isSystemName(name: string): boolean {
  return /^(?:https:\/\/uri\.etsi\.org\/ngsi-ld\/)?(?:createdAt|modifiedAt|deletedAt|expiresAt)$/.test(name)
}
