import {
  beforeAll,
  admits,
  evolutionOf,
  filteredNames,
  matchesEntity,
  narrowingOf,
  newestOf,
  orderEntities,
  project,
  scopeName,
  seenThrough,
  selectEvolution,
  showOnly,
  unexpired,
} from '@cityloop/ngsi-ld'
import type { Attribute, Change, Entity, Instant, InstanceRow, Json, TemporalEntity } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import type { EntityPage, EntityRead, EvolutionPage, EvolutionRead, OutboxRow, TypeCount } from '../store.ts'
import type { OwnRow } from '../rows.ts'
import { toMapText } from '../map-row.ts'
import type { MapChoice } from '../map-row.ts'
import { openBudget } from './budget.ts'
import { openCandidates } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import { openDictionary } from './dictionary.ts'
import { historyColumns, toInstanceRow } from './history-rows.ts'
import { openPastEntities } from './past-entity.ts'

/** Every read that a reader thread answers, by name. `now` decides which transient entities have expired. */
export type Reads = {
  query(read: EntityRead, now: Instant): EntityPage
  mapRows(read: EntityRead, choice: MapChoice, now: Instant): string
  queryEvolution(read: EvolutionRead): EvolutionPage
  ids(tenant: string, after: string, limit: number): readonly string[]
  types(tenant: string): readonly TypeCount[]
  changesAfter(sequence: number, limit: number): readonly OutboxRow[]
  listOwn(tenant: string | undefined, area: string, kind: string, from: string, to: string | undefined, limit: number): readonly OwnRow[]
  dueOwn(area: string, kind: string, by: Instant, limit: number): readonly OwnRow[]
}

/** Prepares the reads on a read-only connection. */
export function openReads(database: DatabaseSync): Reads {
  const names = openDictionary(database, 'name')
  const tenants = openDictionary(database, 'tenant')
  const causes = openDictionary(database, 'cause')
  const candidates = openCandidates(database, names)
  const past = openPastEntities(database, names, causes)
  const seriesOf = database.prepare('SELECT id, attribute FROM series WHERE pk = ?')
  const idsAfter = database.prepare('SELECT id FROM entity WHERE tenant = ? AND id > ? AND doc IS NOT NULL ORDER BY id LIMIT ?')
  const windowOf = database.prepare(
    `SELECT ${historyColumns} FROM history h JOIN series s ON s.id = h.series
     WHERE h.series = ?1 AND ((h.at >= ?2 AND h.at < ?3) OR h.at = ${beforeAll}) AND h.recorded <= ?4`,
  )
  const typeCounts = database.prepare('SELECT type, attribute, count FROM type_attribute WHERE tenant = ? AND count > 0 ORDER BY type, attribute')

  function entityOf(candidate: Candidate, { moment }: EntityRead, now: Instant): Entity | undefined {
    if (moment.kind === 'known') {
      const known = past.known(candidate.pk, candidate.id, moment.at)
      // What had expired by then was not answered then either (4.22).
      return known === undefined ? undefined : unexpired(known, Math.min(moment.at, now))
    }
    if (moment.kind === 'true') return past.true(candidate.pk, candidate.id, moment.at)
    const entity = candidate.doc === null ? undefined : (JSON.parse(candidate.doc) as Entity)
    return entity === undefined || candidate.doc?.includes('"expiresAt"') !== true ? entity : unexpired(entity, now)
  }

  function byId(tenant: number, id: string, read: EntityRead, now: Instant): Entity | undefined {
    for (const candidate of candidates(tenant, { ids: [id], comparisons: [] }, true)) return entityOf(candidate, read, now)
    return undefined
  }

  function query(read: EntityRead, now: Instant): EntityPage {
    const { scope, query, offset, limit } = read
    const tenant = tenants.find(read.tenant)
    const spend = openBudget()
    const found: Entity[] = []
    let matches = 0
    const findLinked = seenThrough(scope, (id) => byId(tenant, id, read, now))
    const wanted = read.orderBy === undefined ? offset + limit : Infinity
    for (const candidate of candidates(tenant, narrowingOf(query), read.moment.kind !== 'now')) {
      spend()
      const entity = entityOf(candidate, read, now)
      if (entity === undefined || !admits(scope, entity)) continue
      const seen = project(scope, entity)
      if (!matchesEntity(query, seen, findLinked)) continue
      matches += 1
      if (matches > wanted && !read.count) break
      if (read.orderBy !== undefined || (matches > offset && matches <= wanted)) found.push(seen)
    }
    const page = read.orderBy === undefined ? found : orderEntities(read.orderBy, found).slice(offset, offset + limit)
    return { entities: page, ...(read.count ? { count: matches } : {}), isLast: matches <= offset + limit }
  }

  function queryEvolution(read: EvolutionRead): EvolutionPage {
    const { scope, query, temporal, offset, limit } = read
    const tenant = tenants.find(read.tenant)
    const spend = openBudget()
    // What the filters look at is needed whether or not it is asked for (5.7.4.4).
    const needed = read.attributes === undefined ? undefined : new Set([...read.attributes, ...filteredNames(query)])
    const evolutions: TemporalEntity[] = []
    let matches = 0
    for (const candidate of candidates(tenant, { ...narrowingOf(query), comparisons: [], geo: undefined }, true)) {
      spend()
      const live = lastOf(candidate, read.knownAt)
      if (live === undefined || !admits(scope, live)) continue
      const evolution = project(scope, { ...live, attributes: evolutionOfEntity(candidate.pk, read, needed, spend) })
      const selected = Object.keys(evolution.attributes).length === 0 ? undefined : selectEvolution(query, temporal, evolution)
      const shown = selected === undefined ? undefined : showOnly(read.attributes, selected)
      if (shown === undefined) continue
      matches += 1
      if (matches > offset + limit && !read.count) break
      if (matches > offset && matches <= offset + limit) evolutions.push(read.lastN === undefined ? shown : newestOf(temporal, shown, read.lastN))
    }
    return { evolutions, ...(read.count ? { count: matches } : {}), isLast: matches <= offset + limit }
  }

  function lastOf({ pk, id, doc }: Candidate, knownAt: Instant | undefined): Entity | undefined {
    if (knownAt !== undefined) return past.known(pk, id, knownAt)
    if (doc !== null) return JSON.parse(doc) as Entity
    const last = past.last(pk, id)
    return last === undefined ? undefined : { ...last, deletedAt: last.modifiedAt }
  }

  /** The instances of an entity's attributes, or of the `needed` ones, oldest first; the scope's as an attribute of the core's name. */
  function evolutionOfEntity(
    pk: number,
    read: EvolutionRead,
    needed: ReadonlySet<string> | undefined,
    spend: () => void,
  ): Record<string, Attribute[]> {
    const isByObservation = read.temporal.timeproperty === 'observedAt'
    const from = isByObservation ? (read.temporal.from ?? beforeAll) : beforeAll
    const until = isByObservation ? (read.temporal.until ?? Number.MAX_SAFE_INTEGER) : Number.MAX_SAFE_INTEGER
    const attributes: Record<string, Attribute[]> = {}
    for (const { id, attribute } of seriesOf.all(pk)) {
      const own = names.text(Number(attribute))
      const name = own === 'scope' ? scopeName : own
      if (own === 'type' || needed?.has(name) === false) continue
      const rows: InstanceRow[] = []
      const [least, most] = own === 'scope' ? [beforeAll, Number.MAX_SAFE_INTEGER] : [from, until]
      for (const columns of windowOf.iterate(id ?? null, least, most, read.knownAt ?? Number.MAX_SAFE_INTEGER)) {
        spend()
        rows.push(toInstanceRow(columns, names, causes))
      }
      for (const { instance, recordedAt } of evolutionOf(rows)) {
        if (instance === undefined) continue
        ;(attributes[name] ??= []).push(own === 'scope' ? scopeInstance(instance, recordedAt) : instance)
      }
    }
    return attributes
  }

  return {
    query,
    mapRows: (read, choice, now) => toMapText(query(read, now).entities, choice),
    queryEvolution,
    ids(tenant, after, limit) {
      return idsAfter.all(tenants.find(tenant), after, limit).map(({ id }) => String(id))
    },
    types(tenant) {
      const counts = new Map<string, { count: number; attributes: { name: string; count: number }[] }>()
      for (const { type, attribute, count } of typeCounts.all(tenants.find(tenant))) {
        const name = names.text(Number(type))
        const entry = counts.get(name) ?? { count: 0, attributes: [] }
        counts.set(name, entry)
        if (attribute === 0) entry.count = Number(count)
        else entry.attributes.push({ name: names.text(Number(attribute)), count: Number(count) })
      }
      return [...counts].filter(([, { count }]) => count > 0).map(([type, entry]) => ({ type, ...entry }))
    },
    changesAfter(sequence, limit) {
      const rows = database.prepare('SELECT sequence, tenant, body FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?').all(sequence, limit)
      return rows.map((row) => ({
        sequence: Number(row['sequence']),
        tenant: tenants.text(Number(row['tenant'])),
        change: JSON.parse(String(row['body'])) as Change,
      }))
    },
    listOwn(tenant, area, kind, from, to, limit) {
      const rows = database
        .prepare(
          'SELECT * FROM own WHERE area = ?1 AND kind = ?2 AND (?3 IS NULL OR tenant = ?3) AND key >= ?4 AND (?5 IS NULL OR key < ?5) ORDER BY tenant, key LIMIT ?6',
        )
        .all(area, kind, tenant ?? null, from, to ?? null, limit)
      return rows.map(toOwnRow)
    },
    dueOwn(area, kind, by, limit) {
      return database
        .prepare('SELECT * FROM own WHERE area = ? AND kind = ? AND due <= ? ORDER BY due LIMIT ?')
        .all(area, kind, by, limit)
        .map(toOwnRow)
    },
  }
}

/** What a row says of the scope: set then, or, where it is empty, deleted then. */
function scopeInstance(instance: Attribute, recordedAt: Instant): Attribute {
  const times = { createdAt: recordedAt, modifiedAt: recordedAt }
  const isDeletion = Array.isArray(instance.value) && instance.value.length === 0
  return isDeletion ? { ...instance, ...times, deletedAt: recordedAt } : { observedAt: recordedAt, ...instance, ...times }
}

/** A row of `own` as the interface has it. */
export function toOwnRow(row: Record<string, unknown>): OwnRow {
  const due = row['due']
  return {
    tenant: String(row['tenant']),
    area: String(row['area']),
    kind: String(row['kind']),
    key: String(row['key']),
    value: JSON.parse(String(row['body'])) as Json,
    ...(typeof due === 'number' ? { due } : {}),
  }
}
