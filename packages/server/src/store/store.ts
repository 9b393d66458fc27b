import type {
  Cause,
  Change,
  Command,
  Entity,
  EntityQuery,
  ErrorType,
  Instant,
  NotUpdated,
  Ordering,
  Scope,
  TemporalEntity,
  TemporalQuery,
} from '@cityloop/ngsi-ld'
import type { MapChoice } from './map-row.ts'
import type { OwnRowWrite, OwnRows } from './rows.ts'

/** What became of a command: it is durable when the promise that brings this resolves. */
export type Outcome =
  | {
      readonly kind: 'changed'
      readonly sequence: number
      readonly recordedAt: Instant
      readonly created: boolean
      readonly notUpdated: readonly NotUpdated[]
    }
  | { readonly kind: 'unchanged'; readonly notUpdated: readonly NotUpdated[] }
  | { readonly kind: 'refused'; readonly type: ErrorType; readonly detail: string }

/** A change as the outbox keeps it. `after` is the entity as this change left it; absent where it was deleted, or when read back from the outbox. */
export type OutboxRow = {
  readonly sequence: number
  readonly tenant: string
  readonly change: Change
  readonly after?: Entity
}

/** Which moment a read is of: the present, what was known at a time, or what is now held to have been true at a time. */
export type Moment = { readonly kind: 'now' } | { readonly kind: 'known'; readonly at: Instant } | { readonly kind: 'true'; readonly at: Instant }

/** A query of entities of one tenant. `limit` 0 is for counts alone. */
export type EntityRead = {
  readonly tenant: string
  readonly scope: Scope
  readonly query: EntityQuery
  readonly moment: Moment
  readonly orderBy?: Ordering
  readonly offset: number
  readonly limit: number
  readonly count: boolean
}

export type EntityPage = { readonly entities: readonly Entity[]; readonly count?: number; readonly isLast: boolean }

/** A query of the temporal evolution of entities (5.7.4). */
export type EvolutionRead = {
  readonly tenant: string
  readonly scope: Scope
  readonly query: EntityQuery
  readonly temporal: TemporalQuery
  /** The expanded names of the attributes that are wanted; absent: all. */
  readonly attributes?: readonly string[]
  /** Of each attribute, at most that many newest instances. */
  readonly lastN?: number
  /** Only what was recorded by then. */
  readonly knownAt?: Instant
  readonly offset: number
  readonly limit: number
  readonly count: boolean
}

export type EvolutionPage = { readonly evolutions: readonly TemporalEntity[]; readonly count?: number; readonly isLast: boolean }

/** A type and how many entities have it, with the attributes they have. */
export type TypeCount = {
  readonly type: string
  readonly count: number
  readonly attributes: readonly { readonly name: string; readonly count: number }[]
}

export type StoreState = {
  /** Why writes are refused, if they are: the disk is nearly full, or a sync failed and nothing more is acknowledged. */
  readonly writes: 'open' | 'disk nearly full' | 'failed'
  readonly lastSequence: number
  readonly bytes: number
}

/**
 * Where entities, their history and changes are kept. One commit holds document, instance rows, outbox row and audit record; a write's promise resolves after
 * the sync. Commands on one entity apply in the order given.
 */
export type Store = {
  commit(command: Command): Promise<Outcome>
  /** Each command for itself; all in one commit, with the own rows if any. */
  commitAll(commands: readonly Command[], rows?: readonly OwnRowWrite[]): Promise<readonly Outcome[]>
  /** The entity as the scope's caller may see it. */
  retrieve(tenant: string, scope: Scope, id: string): Promise<Entity | undefined>
  query(read: EntityRead, signal?: AbortSignal): Promise<EntityPage>
  /** Every match of a query as rows of `mapColumns`, with whom to name for them, as JSON text, since it may be a whole city. */
  mapRows(read: EntityRead, choice: MapChoice, signal?: AbortSignal): Promise<string>
  queryEvolution(read: EvolutionRead, signal?: AbortSignal): Promise<EvolutionPage>
  /** The ids of a tenant's entities after one, in order: to walk through everything. */
  ids(tenant: string, after: string, limit: number): Promise<readonly string[]>
  types(tenant: string, scope: Scope): Promise<readonly TypeCount[]>
  tenants(): Promise<readonly string[]>
  /** Outbox rows after a sequence, in order. */
  changesAfter(sequence: number, limit: number): Promise<readonly OutboxRow[]>
  /** The oldest sequence the outbox still has, or the next one where it is empty. */
  oldestChange(): Promise<number>
  /** Calls back after each commit, in sequence order; returns what ends it. */
  onCommitted(listener: (rows: readonly OutboxRow[]) => void): () => void
  readonly rows: OwnRows
  state(): StoreState
  /** Removes history older than the day count in slices, and outbox rows that nobody needs; resolves when one slice is done. */
  retain(policy: {
    readonly historyBefore?: Instant
    readonly outboxBefore: Instant
    readonly outboxBytes: number
    readonly keepFrom: number
  }): Promise<void>
  /** Writes a copy of everything as of now into a file that must not exist. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** The caller that the program itself is. */
export const system: Cause = { caller: 'urn:cityloop:system' }
