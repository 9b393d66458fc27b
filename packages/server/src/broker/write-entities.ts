import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Command } from '@cityloop/ngsi-ld'
import type { Access, Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Outcome, Store } from '#store/store.ts'

export type WriteDeps = { readonly access: Access; readonly store: Store; readonly clock: Clock }

type Without<Union, Names extends PropertyKey> = Union extends unknown ? Omit<Union, Names> : never

/** An operation of CIM 009, 5.6, on one entity, without who asks and when. */
export type Write = Without<Command, 'tenant' | 'scope' | 'receivedAt' | 'cause' | 'idempotencyKey'>

/** What a write that was not refused did. */
export type Written = Exclude<Outcome, { kind: 'refused' }>

/** Carries out one operation. Resolves after the sync; throws the refusal. */
export async function writeEntity(deps: WriteDeps, caller: Caller, write: Write): Promise<Written> {
  const outcome = await deps.store.commit(toCommand(deps, caller, write))
  if (outcome.kind === 'refused') throw new NgsiLdError(outcome.type, outcome.detail)
  return outcome
}

/** Carries out several operations in one commit, each for itself: a refusal is an outcome. */
export function writeEntities(deps: WriteDeps, caller: Caller, writes: readonly Write[]): Promise<readonly Outcome[]> {
  return deps.store.commitAll(writes.map((write) => toCommand(deps, caller, write)))
}

function toCommand({ access, clock }: WriteDeps, caller: Caller, write: Write): Command {
  const cause = { caller: caller.id, ...(caller.purpose === undefined ? {} : { purpose: caller.purpose }) }
  return { ...write, tenant: caller.tenant, scope: access.writeScope(caller, write.kind), receivedAt: clock.now(), cause }
}
