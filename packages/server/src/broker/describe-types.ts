import type { AttributeKind, Entity, EntityQuery } from '@cityloop/ngsi-ld'
import type { Caller } from '#governance/access.ts'
import { queryEntities } from './read-entities.ts'
import type { ReadDeps } from './read-entities.ts'

const entitiesAtOnce = 1000

/** By expanded name of an attribute, the kinds it has in the entities that match: what 5.2.28 calls attribute types. Walks through them all, so it is for one type or attribute. */
export async function attributeKinds(deps: ReadDeps, caller: Caller, query: EntityQuery): Promise<ReadonlyMap<string, readonly AttributeKind[]>> {
  const kinds = new Map<string, Set<AttributeKind>>()
  for (let offset = 0; ; offset += entitiesAtOnce) {
    const page = { query, moment: { kind: 'now' as const }, offset, limit: entitiesAtOnce, count: false }
    const { entities, isLast } = await queryEntities(deps, caller, page)
    for (const entity of entities) note(kinds, entity)
    if (isLast) return new Map([...kinds].map(([name, of]) => [name, [...of].toSorted()]))
  }
}

function note(kinds: Map<string, Set<AttributeKind>>, { attributes }: Entity): void {
  for (const [name, instances] of Object.entries(attributes)) {
    const known = kinds.get(name) ?? new Set<AttributeKind>()
    kinds.set(name, known)
    for (const { kind } of instances) known.add(kind)
  }
}
