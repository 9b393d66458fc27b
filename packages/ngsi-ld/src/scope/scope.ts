import type { Entity, Iri } from '../entity/entity.ts'

/**
 * What a caller may see, as plain data: which entities (every condition given must hold) and which of their attributes.
 * Only governance and the contract suites mint one; see `admits` and `project` beside it.
 */
export type Scope = {
  /** Absent: every type. */
  readonly types?: readonly Iri[]
  /** Absent: every attribute. An attribute not listed does not exist for the caller. */
  readonly attributes?: readonly Iri[]
  /** Absent: everywhere. [west, south, east, north] in degrees; an entity without a location lies in no area. */
  readonly area?: readonly [number, number, number, number]
}

/** What a caller may write: the entities and attributes as for reading. */
export type WriteScope = Scope

/** A scope that admits everything. */
export const everything: Scope = Object.freeze({})

/** The name of the attribute whose position counts for `area`. */
export const locationName: Iri = 'https://uri.etsi.org/ngsi-ld/location'

/** Whether the caller of `scope` may know that the entity exists. */
export function admits(scope: Scope, entity: Entity): boolean {
  if (scope.types !== undefined && !entity.types.some((type) => scope.types?.includes(type))) return false
  if (scope.area !== undefined && !liesIn(scope.area, entity)) return false
  return true
}

/** The entity as the caller of `scope` may see it: attributes not granted are not there. */
export function project(scope: Scope, entity: Entity): Entity {
  const granted = scope.attributes
  if (granted === undefined) return entity
  const attributes = Object.fromEntries(Object.entries(entity.attributes).filter(([name]) => granted.includes(name)))
  return { ...entity, attributes }
}

function liesIn(area: readonly [number, number, number, number], entity: Entity): boolean {
  const [west, south, east, north] = area
  const location = entity.attributes[locationName]?.find((instance) => instance.datasetId === undefined)
  if (location === undefined) return false
  let lies = false
  visitPositions(location.value, (longitude, latitude) => {
    if (longitude >= west && longitude <= east && latitude >= south && latitude <= north) lies = true
  })
  return lies
}

function visitPositions(value: unknown, visit: (longitude: number, latitude: number) => void): void {
  if (Array.isArray(value)) {
    const [first, second] = value
    if (typeof first === 'number' && typeof second === 'number') visit(first, second)
    else for (const part of value) visitPositions(part, visit)
  } else if (typeof value === 'object' && value !== null) {
    if ('coordinates' in value) visitPositions(value.coordinates, visit)
    if ('geometries' in value) visitPositions(value.geometries, visit)
  }
}
