import {
  NgsiLdError,
  compilePattern,
  expandTerm,
  isTooWide,
  parseGeoQuery,
  parseName,
  parseOrdering,
  parseProjection,
  parseQ,
  parseScopeQuery,
  parseTypeSelection,
} from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, EntitySelector, Ordering, Q } from '@cityloop/ngsi-ld'
import { parseEntityId } from '../exchange.ts'
import type { Parameters } from '../exchange.ts'

/** The parameters that say which entities are asked for. */
export const queryParameters = [
  'attrs',
  'coordinates',
  'csf',
  'expandValues',
  'geometry',
  'geoproperty',
  'georel',
  'id',
  'idPattern',
  'jsonKeys',
  'local',
  'q',
  'scopeQ',
  'splitEntities',
  'type',
] as const
export const orderParameters = ['collation', 'orderBy', 'orderFrom', 'orderGeometry'] as const

/** Parses the query parameters of 5.7.2 once into a tree; `selectors` are those of a Query document. */
export function readEntityQuery(parameters: Parameters, context: Context, selectors?: readonly EntitySelector[]): EntityQuery {
  const expand = (term: string): string => expandTerm(context, term)
  const selector = readSelector(parameters, expand)
  const q = parameters.get('q')
  const scopeQ = parameters.get('scopeQ')
  const attrs = readAttrs(parameters, context) ?? picked(parameters, context)
  const georel = parameters.get('georel')
  const csf = parameters.get('csf')
  const expandValues = parameters.list('expandValues')
  const datasetIds = parameters.list('datasetId')
  if (csf !== undefined) parseQ(csf, expand)
  parameters.flag('splitEntities')
  return {
    ...(selectors !== undefined ? { entities: selectors } : selector === undefined ? {} : { entities: [selector] }),
    ...(attrs === undefined ? {} : { attrs }),
    ...(datasetIds === undefined ? {} : { datasetIds }),
    ...(q === undefined ? {} : { q: parseQ(q, expand, expandValues === undefined ? {} : { expandValues }) }),
    ...(scopeQ === undefined ? {} : { scopeQ: parseScopeQuery(scopeQ) }),
    ...(georel === undefined ? {} : { geo: parseGeoQuery(geoParameters(parameters, georel), expand) }),
  }
}

/** What a query says of the sources it may go to: the context source filter, and whether entities are divided among them. */
export function readDistribution(parameters: Parameters, context: Context): { readonly csf?: Q; readonly isSplit?: boolean } {
  const csf = parameters.get('csf')
  return {
    ...(csf === undefined ? {} : { csf: parseQ(csf, (term) => expandTerm(context, term)) }),
    ...(parameters.has('splitEntities') ? { isSplit: parameters.flag('splitEntities') } : {}),
  }
}

/** The expanded names of the deprecated parameter `attrs`. */
export function readAttrs(parameters: Parameters, context: Context): readonly string[] | undefined {
  return parameters.list('attrs')?.map((name) => parseName(context, name, 'attrs'))
}

/** An entity of which nothing is picked is not in an answer (4.21): it must have an attribute that is, unless a member that every entity has is picked too. */
function picked(parameters: Parameters, context: Context): readonly string[] | undefined {
  const pick = parameters.get('pick')
  const names = pick === undefined ? [] : [...parseProjection(pick, context, 'pick').keys()]
  return names.length === 0 || names.some((name) => name === 'id' || name === 'type' || name === 'scope') ? undefined : names
}

/** 5.7.2.4: a query must say something of what it wants, unless it is local. */
export function refuseTooWide(query: EntityQuery, parameters: Parameters): void {
  if (parameters.flag('local') || isOfAllTypes(query, parameters) || !isTooWide(query)) return
  throw new NgsiLdError('BadRequestData', 'The query is too wide: give at least one of type, attrs, q and georel, or local=true')
}

/** The type `*` asks for all entities and implies the local scope, which must then not be denied (5.2.33). */
function isOfAllTypes(query: EntityQuery, parameters: Parameters): boolean {
  const isAny = query.entities?.some(({ types }) => types?.kind === 'any') === true
  if (isAny && parameters.has('local') && !parameters.flag('local'))
    throw new NgsiLdError('BadRequestData', 'The type * is only for the local scope, but local is false')
  return isAny
}

export function readOrderBy(parameters: Parameters, context: Context): Ordering | undefined {
  const orderBy = parameters.get('orderBy')
  if (orderBy === undefined) return undefined
  const [collation, orderFrom, orderGeometry] = [parameters.get('collation'), parameters.get('orderFrom'), parameters.get('orderGeometry')]
  return parseOrdering(
    {
      orderBy,
      ...(collation === undefined ? {} : { collation }),
      ...(orderFrom === undefined ? {} : { orderFrom }),
      ...(orderGeometry === undefined ? {} : { orderGeometry }),
    },
    (term) => expandTerm(context, term),
  )
}

function readSelector(parameters: Parameters, expand: (term: string) => string): EntitySelector | undefined {
  const type = parameters.get('type')
  const ids = parameters.list('id')
  const idPattern = parameters.get('idPattern')
  if (type === undefined && ids === undefined && idPattern === undefined) return undefined
  if (idPattern !== undefined) compilePattern('idPattern', idPattern)
  return {
    ...(type === undefined ? {} : { types: parseTypeSelection(type, expand) }),
    ...(ids === undefined ? {} : { ids: ids.map(parseEntityId) }),
    ...(idPattern === undefined ? {} : { idPattern }),
  }
}

function geoParameters(parameters: Parameters, georel: string): GeoParameters {
  const coordinates = parameters.get('coordinates')
  const geoproperty = parameters.get('geoproperty')
  return { georel, geometry: parameters.get('geometry'), coordinates: parsed(coordinates), ...(geoproperty === undefined ? {} : { geoproperty }) }
}

type GeoParameters = { readonly georel: string; readonly geometry: unknown; readonly coordinates: unknown; readonly geoproperty?: string }

function parsed(coordinates: string | undefined): unknown {
  if (coordinates === undefined) throw new NgsiLdError('BadRequestData', 'coordinates must be given with georel')
  try {
    return JSON.parse(coordinates)
  } catch (error) {
    throw new NgsiLdError('BadRequestData', `coordinates must be a JSON array, not ${coordinates.slice(0, 80)}`, { cause: error })
  }
}

/** The types of which an entity must have one, by the parameter `type`. */
export function selectedTypes(parameters: Parameters, context: Context): readonly string[] | undefined {
  const type = parameters.get('type')
  if (type === undefined) return undefined
  const selection = parseTypeSelection(type, (term) => expandTerm(context, term))
  return selection.kind === 'any' ? undefined : selection.alternatives.flatMap((all) => all.map((name) => name.expanded))
}
