import type { Entity } from '../entity/entity.ts'
import { NgsiLdError } from '../errors.ts'
import type { Q, QPath } from './q.ts'
import { pathsOf } from './q.ts'
import { type FindLinked, objectsOf } from './q-target.ts'

/** Gives those of the entities that there are, as the caller may see them, in any order. */
export type LookUp = (ids: readonly string[]) => Promise<readonly Entity[]>

/** How linked entities are joined (CIM 009, 4.5.23); `level` is at least 1; `containedBy` are ids met before, which are not followed again. */
export type Join = { readonly kind: 'flat' | 'inline'; readonly level: number; readonly containedBy?: readonly string[] }

/**
 * Entities joined with what they are linked to. Flat: `entities` holds the linked ones too, after the others, each id once. Inline: `entities` are those given, and a
 * writer finds what belongs below a relationship by `findLinked`, to the level of the join.
 */
export type Joined = { readonly entities: readonly Entity[]; readonly findLinked: FindLinked }

/** The most linked entities that one answer takes in. */
export const maxLinked = 10_000

/**
 * Looks up what the relationships of these entities point at, to the depth of the join (4.5.23), one look-up a level.
 * Throws `TooComplexQuery` where an answer would show more than `maxLinked` linked entities.
 */
export async function joinEntities(join: Join, entities: readonly Entity[], lookUp: LookUp): Promise<Joined> {
  const known = await gather(join, entities, lookUp)
  if (join.kind === 'flat') {
    const own = new Set(entities.map((entity) => entity.id))
    return { entities: [...entities, ...[...known.values()].filter((entity) => !own.has(entity.id))], findLinked: (id) => known.get(id) }
  }
  const memo = new Map<string, number>()
  const shown = entities.reduce((sum, entity) => sum + shownBelow(entity, join.level, known, memo), 0)
  if (shown > maxLinked) throw tooMany()
  return { entities, findLinked: (id) => known.get(id) }
}

/**
 * Looks up what the paths of `q` reach from these entities, one look-up a level, for `matchesEntity`.
 * Throws `TooComplexQuery` where it is more than `maxLinked`.
 */
export async function linkedFor(q: Q, entities: readonly Entity[], lookUp: LookUp): Promise<FindLinked> {
  const known = new Map<string, Entity>()
  for (const path of pathsOf(q)) await followPath(path, entities, known, lookUp)
  return (id) => known.get(id)
}

/** The ids that the relationships of an entity point at. */
export function linkedIdsOf(entity: Entity): readonly string[] {
  return Object.values(entity.attributes).flatMap((instances) => instances.flatMap(objectsOf))
}

/** What the entities reach within the depth of the join, by id; ids of `containedBy` are not looked up. */
async function gather(join: Join, entities: readonly Entity[], lookUp: LookUp): Promise<ReadonlyMap<string, Entity>> {
  const contained = new Set(join.containedBy)
  const known = new Map<string, Entity>()
  const own = new Map(entities.map((entity) => [entity.id, entity]))
  let frontier: readonly Entity[] = entities
  for (let level = 0; level < join.level && frontier.length > 0; level++) {
    const ids = new Set(frontier.flatMap(linkedIdsOf).filter((id) => !contained.has(id) && !known.has(id)))
    const present = [...ids].flatMap((id) => own.get(id) ?? [])
    const missing = [...ids].filter((id) => !own.has(id))
    const found = [...present, ...(await lookUpAll(missing, known, lookUp))]
    for (const entity of found) known.set(entity.id, entity)
    frontier = found
  }
  return known
}

async function lookUpAll(ids: readonly string[], known: ReadonlyMap<string, Entity>, lookUp: LookUp): Promise<readonly Entity[]> {
  if (known.size + ids.length > maxLinked) throw tooMany()
  return ids.length === 0 ? [] : lookUp(ids)
}

/** How many entities stand inline below one; `memo` is by level and id. */
function shownBelow(entity: Entity, level: number, known: ReadonlyMap<string, Entity>, memo: Map<string, number>): number {
  if (level === 0) return 0
  const key = `${level} ${entity.id}`
  const before = memo.get(key)
  if (before !== undefined) return before
  let shown = 0
  for (const id of linkedIdsOf(entity)) {
    const target = known.get(id)
    if (target !== undefined) shown += 1 + shownBelow(target, level - 1, known, memo)
  }
  memo.set(key, shown)
  return shown
}

async function followPath(path: QPath, entities: readonly Entity[], known: Map<string, Entity>, lookUp: LookUp): Promise<void> {
  let frontier = entities
  for (const link of path.links) {
    const ids = new Set(
      frontier.flatMap((entity) => {
        const name = link.name.expanded
        return Object.hasOwn(entity.attributes, name) ? (entity.attributes[name] ?? []).flatMap(objectsOf) : []
      }),
    )
    const missing = [...ids].filter((id) => !known.has(id))
    for (const entity of await lookUpAll(missing, known, lookUp)) known.set(entity.id, entity)
    frontier = [...ids].flatMap((id) => known.get(id) ?? [])
  }
}

function tooMany(): NgsiLdError {
  return new NgsiLdError('TooComplexQuery', `An answer takes in at most ${maxLinked} linked entities`)
}
