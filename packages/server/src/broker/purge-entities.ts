import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Entity, EntityQuery } from '@cityloop/ngsi-ld'
import type { Caller } from '#governance/access.ts'
import type { Outcome } from '#store/store.ts'
import { queryEntities } from './read-entities.ts'
import type { ReadDeps } from './read-entities.ts'
import { writeEntities } from './write-entities.ts'
import type { Write, WriteDeps } from './write-entities.ts'

const entitiesAtOnce = 500

/** Which attributes are deleted: all but those kept, or those dropped; neither: whole entities. */
export type PurgeExtent = { readonly keep?: readonly string[]; readonly drop?: readonly string[] }

export type Purged = { readonly success: readonly string[]; readonly failures: readonly { readonly id: string; readonly error: NgsiLdError }[] }

/** Deletes every entity that matches, or attributes of it (CIM 009, 5.6.21). Each batch is one commit; entities that come while it runs may be missed. */
export async function purgeEntities(deps: ReadDeps & WriteDeps, caller: Caller, query: EntityQuery, extent: PurgeExtent): Promise<Purged> {
  const isWhole = extent.keep === undefined && extent.drop === undefined
  const success: string[] = []
  const failures: { id: string; error: NgsiLdError }[] = []
  // Whole entities leave the result as they go; those of which attributes go may stay in it.
  for (let offset = 0; ; offset = isWhole ? failures.length : offset + entitiesAtOnce) {
    const { entities, isLast } = await queryEntities(deps, caller, { query, moment: { kind: 'now' }, offset, limit: entitiesAtOnce, count: false })
    if (entities.length === 0) return { success, failures }
    for (const { id, error } of await purge(deps, caller, entities, extent)) {
      if (error === undefined) success.push(id)
      else failures.push({ id, error })
    }
    // An offset beyond the end would give the last entity again (6.3.10).
    if (isLast) return { success, failures }
  }
}

async function purge(
  deps: WriteDeps,
  caller: Caller,
  entities: readonly Entity[],
  extent: PurgeExtent,
): Promise<readonly { readonly id: string; readonly error?: NgsiLdError }[]> {
  const writes = entities.map((entity) => writesFor(entity, extent))
  const outcomes = await writeEntities(deps, caller, writes.flat())
  let next = 0
  return entities.map(({ id }, index) => {
    const own = outcomes.slice(next, (next += writes[index]?.length ?? 0))
    const refused = own.find((outcome): outcome is Extract<Outcome, { kind: 'refused' }> => outcome.kind === 'refused')
    return refused === undefined ? { id } : { id, error: new NgsiLdError(refused.type, refused.detail) }
  })
}

function writesFor(entity: Entity, { keep, drop }: PurgeExtent): readonly Write[] {
  if (keep === undefined && drop === undefined) return [{ kind: 'deleteEntity', id: entity.id }]
  const names = [...Object.keys(entity.attributes), ...(entity.scopes === undefined ? [] : ['scope'])]
  const going = names.filter((name) => (drop === undefined ? keep?.includes(name) === false : drop.includes(name)))
  return going.map((name): Write => ({ kind: 'deleteAttribute', id: entity.id, name, deleteAll: true }))
}
