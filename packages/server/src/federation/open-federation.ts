import type { Contexts } from '#broker/contexts.ts'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Dialler } from '#runtime/dialler.ts'
import type { Log } from '#runtime/log.ts'
import type { RunnerDeps } from '#subscriptions/runner.ts'
import { openRegistrations } from './open-registrations.ts'
import type { Registrations } from './open-registrations.ts'
import { openSourceSubscriptions } from './source-subscriptions.ts'
import type { SourceSubscriptions } from './source-subscriptions.ts'

export type FederationDeps = ReadDeps & {
  readonly clock: Clock
  readonly contexts: Contexts
  readonly dialler: Pick<Dialler, 'call'>
  /** How this broker names itself to its peers. */
  readonly hostAlias: string
  readonly log: Log
  readonly send: RunnerDeps['send']
}

/** What http is given of other brokers. */
export type Federation = {
  readonly registrations: Registrations
  readonly sourceSubscriptions: SourceSubscriptions
  close(): Promise<void>
}

export async function openFederation(deps: FederationDeps): Promise<Federation> {
  const registrations = await openRegistrations(deps)
  const sourceSubscriptions = await openSourceSubscriptions({ ...deps, rows: deps.store.rows, registrations })
  return { registrations, sourceSubscriptions, close: () => sourceSubscriptions.close() }
}
