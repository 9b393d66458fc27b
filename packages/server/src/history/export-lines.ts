import { coreContext, writeEntity, writeTemporalEntity } from '@cityloop/ngsi-ld'
import type { Attribute, Entity } from '@cityloop/ngsi-ld'
import type { Access, Caller } from '#governance/access.ts'
import type { Store } from '#store/store.ts'

const entitiesAtOnce = 200

/**
 * Everything of a tenant that the caller may see, in the order of ids: a line an entity, JSON with `entity`, as it is, and `evolution`, every instance that is
 * shown, both normalized NGSI-LD with full names. Times of recording and what was deleted are left out, so that two cities with the same data give the same lines.
 */
export async function* exportLines(deps: { readonly access: Access; readonly store: Store }, caller: Caller): AsyncGenerator<string> {
  const scope = deps.access.readScope(caller, 'export')
  const { tenant } = caller
  let after = ''
  for (;;) {
    const ids = await deps.store.ids(tenant, after, entitiesAtOnce)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    const query = { entities: [{ ids }] }
    const { entities } = await deps.store.query({ tenant, scope, query, moment: { kind: 'now' }, offset: 0, limit: ids.length, count: false })
    const { evolutions } = await deps.store.queryEvolution({
      tenant,
      scope,
      query,
      temporal: { timeproperty: 'observedAt' },
      offset: 0,
      limit: ids.length,
      count: false,
    })
    const byId = new Map(evolutions.map((evolution) => [evolution.id, evolution]))
    for (const entity of entities) {
      const evolution = byId.get(entity.id)
      const shown = evolution === undefined ? { ...entity, attributes: {} } : withoutTraces(evolution)
      yield `${JSON.stringify({ entity: writeEntity(entity, coreContext), evolution: writeTemporalEntity(shown, coreContext) })}\n`
    }
  }
}

/** Without instance ids, which belong to one city, and without tombstones. */
function withoutTraces(evolution: Entity): Entity {
  const attributes = Object.entries(evolution.attributes).flatMap(([name, instances]) => {
    const kept = instances.filter(({ deletedAt }) => deletedAt === undefined).map(({ instanceId: _, ...rest }): Attribute => rest)
    return kept.length === 0 ? [] : [[name, kept] as const]
  })
  return { ...evolution, attributes: Object.fromEntries(attributes) }
}
