import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Entity } from '@cityloop/ngsi-ld'
import type { Access, Caller } from '#governance/access.ts'
import type { EntityPage, EntityRead, Moment, TypeCount } from '#store/store.ts'
import type { Store } from '#store/store.ts'
import { localSource } from './entity-source.ts'

export type ReadDeps = { readonly access: Access; readonly store: Store }

/** 5.7.1. `types`, where given, are those of which the entity must have one. Throws `ResourceNotFound`. */
export async function retrieveEntity(deps: ReadDeps, caller: Caller, id: string, moment: Moment = { kind: 'now' }): Promise<Entity> {
  const scope = deps.access.readScope(caller, 'retrieveEntity')
  const source = localSource(deps.store)
  const entity =
    moment.kind === 'now'
      ? await source.retrieve(caller.tenant, scope, id)
      : (await source.query({ tenant: caller.tenant, scope, query: { entities: [{ ids: [id] }] }, moment, offset: 0, limit: 1, count: false }))
          .entities[0]
  if (entity === undefined) throw new NgsiLdError('ResourceNotFound', `Entity ${id} does not exist`)
  return entity
}

/** 5.7.2, at any moment. An offset beyond the end gives the last entity (6.3.10). */
export async function queryEntities(
  deps: ReadDeps,
  caller: Caller,
  read: Omit<EntityRead, 'tenant' | 'scope'>,
  signal?: AbortSignal,
): Promise<EntityPage> {
  const scope = deps.access.readScope(caller, 'queryEntities')
  const source = localSource(deps.store)
  const whole = { ...read, tenant: caller.tenant, scope }
  const page = await source.query(whole, signal)
  if (page.entities.length > 0 || read.offset === 0 || read.limit === 0) return page
  const { count = 0 } = await source.query({ ...whole, offset: 0, limit: 0, count: true }, signal)
  return count === 0 ? page : source.query({ ...whole, offset: count - 1 }, signal)
}

/** 5.7.5 to 5.7.10 are all read off these counts. */
export function countTypes(deps: ReadDeps, caller: Caller): Promise<readonly TypeCount[]> {
  return deps.store.types(caller.tenant, deps.access.readScope(caller, 'retrieveEntityTypes'))
}
