import type { Attribute, Iri, TemporalEntity } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { scopeName } from '../representation/attribute-kinds.ts'
import { type EntityQuery, matchesEntity } from './entity-query.ts'
import type { FindLinked } from './q-target.ts'
import { matchesScopes } from './scope-query.ts'
import { type TemporalQuery, isRestricted, selectInstances, timeOf } from './temporal-query.ts'

/**
 * What an evolution shows for a query (CIM 009, 5.7.4.4), or `undefined` where it does not match: the instances of the interval, and with a scope query those from while
 * a matching scope was valid (4.18, C.5.16). An instance of an attribute that is asked for must be among them, and they must meet the query; `attrs` of the query
 * names the attributes that are asked for, without it any. The evolution must be as the caller may see it.
 */
export function selectEvolution(
  query: EntityQuery,
  temporal: TemporalQuery,
  evolution: TemporalEntity,
  findLinked?: FindLinked,
): TemporalEntity | undefined {
  const { scopeQ, ...rest } = query
  const spans = scopeSpansOf(evolution)
  if (scopeQ !== undefined && spans === undefined && !matchesScopes(scopeQ, evolution.scopes)) return undefined
  const matching = scopeQ === undefined ? undefined : spans?.filter((span) => overlapsInterval(span, temporal) && matchesScopes(scopeQ, span.scopes))
  if (matching?.length === 0) return undefined
  const kept = reduced(temporal, evolution, matching)
  const isEmpty = Object.keys(kept.attributes).every((name) => name === scopeName)
  if (isEmpty && (isRestricted(temporal) || matching !== undefined)) return undefined
  return matchesEntity(rest, kept, findLinked) ? kept : undefined
}

/** Whether the evolution matches the query, see `selectEvolution`. */
export function matchesTemporal(query: EntityQuery, temporal: TemporalQuery, evolution: TemporalEntity, findLinked?: FindLinked): boolean {
  return selectEvolution(query, temporal, evolution, findLinked) !== undefined
}

/** The evolution reduced to the instances of the interval; attributes without any are not there, and scopes are those valid in it. */
export function inInterval(temporal: TemporalQuery, evolution: TemporalEntity): TemporalEntity {
  return reduced(temporal, evolution, undefined)
}

/** The evolution with the attributes of these names alone, or `undefined` where it has none of them; to be applied to what `selectEvolution` gave. */
export function showOnly(names: readonly Iri[] | undefined, evolution: TemporalEntity): TemporalEntity | undefined {
  if (names === undefined) return evolution
  const kept = Object.entries(evolution.attributes).filter(([name]) => names.includes(name))
  return kept.length === 0 ? undefined : { ...evolution, attributes: Object.fromEntries(kept) }
}

/** The newest instances of each attribute, at most so many (5.2.21); to be applied to what `selectEvolution` gave. */
export function newestOf(temporal: TemporalQuery, evolution: TemporalEntity, lastN: number): TemporalEntity {
  const attributes = Object.entries(evolution.attributes).map(([name, instances]) => {
    return [name, name === scopeName ? instances : selectInstances({ timeproperty: temporal.timeproperty }, instances, lastN)] as const
  })
  return { ...evolution, attributes: Object.fromEntries(attributes) }
}

/** For how long the entity had which scopes; the end is exclusive. */
type ScopeSpan = { readonly scopes: readonly string[]; readonly from: Instant; readonly until: Instant; readonly instance: Attribute }

/** The scopes in time, or `undefined` where only the present ones are known. A scope is valid until the next is set (4.18). */
function scopeSpansOf(evolution: TemporalEntity): readonly ScopeSpan[] | undefined {
  const instances = Object.hasOwn(evolution.attributes, scopeName) ? evolution.attributes[scopeName] : undefined
  if (instances === undefined) return undefined
  const sorted = instances.toSorted((a, b) => startOf(a) - startOf(b))
  return sorted.map((instance, index) => {
    const next = sorted[index + 1]
    const scopes = [instance.value].flat().filter((scope) => typeof scope === 'string' && scope.startsWith('/'))
    const until = Math.min(instance.deletedAt ?? Infinity, next === undefined ? Infinity : startOf(next))
    return { scopes: scopes as string[], from: startOf(instance), until, instance }
  })
}

function startOf(instance: Attribute): Instant {
  return instance.observedAt ?? instance.createdAt ?? instance.modifiedAt ?? 0
}

function overlapsInterval(span: ScopeSpan, temporal: TemporalQuery): boolean {
  return (temporal.until === undefined || span.from < temporal.until) && (temporal.from === undefined || span.until > temporal.from)
}

function reduced(temporal: TemporalQuery, evolution: TemporalEntity, matching: readonly ScopeSpan[] | undefined): TemporalEntity {
  const attributes: [Iri, readonly Attribute[]][] = []
  for (const [name, instances] of Object.entries(evolution.attributes)) {
    const kept = name === scopeName ? scopesShown(temporal, evolution, matching) : instancesShown(temporal, instances, matching)
    if (kept.length > 0) attributes.push([name, kept])
  }
  return { ...evolution, attributes: Object.fromEntries(attributes) }
}

function scopesShown(temporal: TemporalQuery, evolution: TemporalEntity, matching: readonly ScopeSpan[] | undefined): readonly Attribute[] {
  const spans = matching ?? (scopeSpansOf(evolution) ?? []).filter((span) => overlapsInterval(span, temporal))
  const shown = spans.map((span) => span.instance)
  return temporal.timeproperty === 'deletedAt' ? shown.filter((instance) => instance.deletedAt !== undefined) : shown
}

function instancesShown(temporal: TemporalQuery, instances: readonly Attribute[], matching: readonly ScopeSpan[] | undefined): readonly Attribute[] {
  const selected = selectInstances(temporal, instances)
  if (matching === undefined) return selected
  return selected.filter((instance) => {
    const at = timeOf(instance, temporal.timeproperty)
    return at !== undefined && matching.some((span) => at >= span.from && at < span.until)
  })
}
