import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { EntitySelector } from '@cityloop/ngsi-ld'
import { queryEntities } from '#broker/read-entities.ts'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import { mayShareEntity } from './match-registration.ts'
import { isProxied } from './registration.ts'
import type { EntityInfo, Registration, RegistrationInfo } from './registration.ts'

/** 4.3.6.3 and 5.9.2.4: what a proxied registration speaks of is held nowhere else. Throws `Conflict`, naming what is in the way. */
export async function refuseConflicts(deps: ReadDeps, caller: Caller, registration: Registration, others: readonly Registration[]): Promise<void> {
  if (!isProxied(registration)) return
  const rival = others.find((other) => isRival(registration, other))
  if (rival !== undefined) throw new NgsiLdError('Conflict', `Registration ${rival.id} already says who holds attributes of this one`)
  for (const info of registration.information) {
    const held = await findHeld(deps, caller, info)
    if (held !== undefined) throw new NgsiLdError('Conflict', `Entity ${held} is held here, which the registration says it is not`)
  }
}

/** Redirects may overlap with each other, an exclusive registration with no other proxied one. */
function isRival(registration: Registration, other: Registration): boolean {
  if (!isProxied(other) || (registration.mode === 'redirect' && other.mode === 'redirect')) return false
  return registration.information.some((info) => other.information.some((theirs) => overlap(info, theirs)))
}

function overlap(info: RegistrationInfo, other: RegistrationInfo): boolean {
  const { names } = info
  const shareNames = names === undefined || other.names === undefined || [...names].some((name) => other.names?.has(name))
  const { entities } = info
  const theirs = other.entities
  if (!shareNames || entities === undefined || theirs === undefined) return shareNames
  return entities.some((entity) => theirs.some((one) => mayShareEntity(toSelector(entity), one)))
}

async function findHeld(deps: ReadDeps, caller: Caller, { entities, names }: RegistrationInfo): Promise<string | undefined> {
  const query = {
    ...(entities === undefined ? {} : { entities: entities.map(toSelector) }),
    ...(names === undefined ? {} : { attrs: [...names] }),
  }
  const page = await queryEntities(deps, caller, { query, moment: { kind: 'now' }, offset: 0, limit: 1, count: false })
  return page.entities[0]?.id
}

/** The selector of the entities that a registration speaks of. */
export function toSelector({ id, idPattern, types }: EntityInfo): EntitySelector {
  return {
    ...(types === undefined ? {} : { types: { kind: 'anyOf', alternatives: types.map((type) => [{ written: type, expanded: type }]) } }),
    ...(id === undefined ? {} : { ids: [id] }),
    ...(idPattern === undefined ? {} : { idPattern }),
  }
}
