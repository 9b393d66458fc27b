import { compactIri, printGeoQuery, printQ, printScopeQuery, printTypeSelection } from '@cityloop/ngsi-ld'
import type { Context, EntityQuery, EntitySelector, Iri, TypeSelection } from '@cityloop/ngsi-ld'
import { isOf, mayShareEntity } from './match-registration.ts'
import { toSelector } from './registration-conflicts.ts'
import type { EntityInfo, RegistrationInfo } from './registration.ts'

/** One request's worth of a query: never more than the registration speaks of (4.3.6.1). */
export type Narrowed = { readonly selector: EntitySelector; readonly names: readonly Iri[] | undefined }

/** What is asked of a source for a query: for each part of the registration and each selector what they have in common. */
export function narrowQuery(information: readonly RegistrationInfo[], query: Pick<EntityQuery, 'attrs' | 'entities'>): readonly Narrowed[] {
  const narrowed = information.flatMap((info) => {
    const names = narrowNames(info, query.attrs)
    return (query.entities ?? [{}]).flatMap((selector) => narrowSelector(info, selector).map((one): Narrowed => ({ selector: one, names })))
  })
  return withoutRepeats(narrowed)
}

/** The attributes that are wanted and offered; `undefined`: all. */
function narrowNames({ names }: RegistrationInfo, attrs: readonly Iri[] | undefined): readonly Iri[] | undefined {
  if (names === undefined) return attrs
  return attrs === undefined ? [...names] : attrs.filter((name) => names.has(name))
}

function narrowSelector({ entities }: RegistrationInfo, selector: EntitySelector): readonly EntitySelector[] {
  if (entities === undefined) return [selector]
  const shared = entities.filter((entity) => mayShareEntity(selector, entity)).map((entity) => common(selector, entity))
  // Entities that are named one by one and share their types are asked for together.
  const groups = Map.groupBy(shared, ({ ids, idPattern, types }) => JSON.stringify([types, idPattern, ids === undefined]))
  return [...groups.values()].flatMap((group): readonly EntitySelector[] => {
    const [first] = group
    if (first?.ids === undefined) return first === undefined ? [] : [first]
    return [{ ...first, ids: [...new Set(group.flatMap(({ ids = [] }) => ids))] }]
  })
}

function common(selector: EntitySelector, entity: EntityInfo): EntitySelector {
  const offered = toSelector(entity)
  const types = commonTypes(selector.types, entity)
  if (selector.ids !== undefined) return { types, ids: selector.ids.filter((id) => isOf(entity, id)) }
  if (offered.ids !== undefined) return { types, ids: offered.ids }
  const idPattern = selector.idPattern ?? offered.idPattern
  return { types, ...(idPattern === undefined ? {} : { idPattern }) }
}

function commonTypes(types: TypeSelection | undefined, entity: EntityInfo): TypeSelection {
  const own = entity.types
  if (types?.kind !== 'anyOf') return toSelector(entity).types ?? { kind: 'any' }
  return own === undefined
    ? types
    : { kind: 'anyOf', alternatives: types.alternatives.filter((all) => all.some(({ expanded }) => own.includes(expanded))) }
}

function withoutRepeats(narrowed: readonly Narrowed[]): readonly Narrowed[] {
  return [...new Map(narrowed.map((one) => [JSON.stringify(one), one])).values()]
}

/** The query parameters of a narrowed query, its names written by that @context. Without `filters` only id, type and attributes are told. */
export function toParameters(
  { names, selector }: Narrowed,
  filters: EntityQuery | undefined,
  context: Context,
): readonly (readonly [string, string | undefined])[] {
  const { types, ids, idPattern } = renamed(selector, context)
  const { q, scopeQ, geo } = renamed(filters ?? {}, context)
  const place = geo === undefined ? undefined : printGeoQuery(geo)
  return [
    ['type', types === undefined || types.kind === 'any' ? undefined : printTypeSelection(types).replaceAll('|', ',')],
    ['id', ids?.join(',')],
    ['idPattern', idPattern],
    ['attrs', names?.map((name) => compactIri(context, name)).join(',')],
    ['q', q === undefined ? undefined : printQ(q)],
    ['scopeQ', scopeQ === undefined ? undefined : printScopeQuery(scopeQ)],
    ['georel', place?.georel],
    ['geometry', place?.geometry],
    ['coordinates', place === undefined ? undefined : JSON.stringify(place.coordinates)],
    ['geoproperty', place?.geoproperty],
  ]
}

/** The same tree with each name written as the context has it. */
export function renamed<Tree>(tree: Tree, context: Context): Tree {
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return tree.map((item: unknown) => renamed(item, context)) as Tree
  if (isName(tree)) return { ...tree, written: compactIri(context, tree.expanded) }
  return Object.fromEntries(Object.entries(tree).map(([name, value]: [string, unknown]) => [name, renamed(value, context)])) as Tree
}

function isName(tree: object): tree is { readonly written: string; readonly expanded: Iri } {
  return 'written' in tree && 'expanded' in tree && typeof tree.expanded === 'string'
}
