import type { Comparison, Narrowing } from '@cityloop/ngsi-ld'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Dictionary } from './dictionary.ts'
import { indexKey, notSimple } from './entity-indexes.ts'

/** Entities that may match, each with what is stored of it, in the order of their ids; `doc` is null for one that is deleted. */
export type Candidate = { readonly pk: number; readonly id: string; readonly doc: string | null }

/** Beyond so many hits an index narrows too little to be worth sorting its hits. */
const mostIndexHits = 20_000

/** Finds, through whichever index narrows, the entities of a tenant that a query may match. `isPast` asks for entities that ever had the types. */
export function openCandidates(
  database: DatabaseSync,
  names: Dictionary,
): (tenant: number, narrowing: Narrowing, isPast: boolean) => Iterable<Candidate> {
  const columns = 'e.pk AS pk, e.id AS id, e.doc AS doc'
  const byId = database.prepare(`SELECT ${columns} FROM entity e WHERE tenant = ? AND id = ?`)
  const everything = database.prepare(`SELECT ${columns} FROM entity e WHERE tenant = ? ORDER BY id`)
  const everythingLive = database.prepare(`SELECT ${columns} FROM entity e WHERE tenant = ? AND doc IS NOT NULL ORDER BY id`)
  const layerOf = database.prepare('SELECT id FROM layer WHERE tenant = ? AND type = ?')
  const inBox = database.prepare(
    'SELECT pk FROM place WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? AND layer_low <= ? AND layer_high >= ? AND attribute = ?',
  )
  const hitsOf = (condition: string): StatementSync =>
    database.prepare(`SELECT pk FROM attribute_value WHERE tenant = ? AND attribute = ? ${condition} LIMIT ${mostIndexHits + 1}`)
  const withAttribute = hitsOf('')
  // Numbers sort before texts, so that "below the empty text" keeps a range to numbers.
  const withValue = {
    '==': hitsOf('AND value = ?'),
    '>': hitsOf("AND value > ? AND value < ''"),
    '>=': hitsOf("AND value >= ? AND value < ''"),
    '<': hitsOf('AND value < ?'),
    '<=': hitsOf('AND value <= ?'),
  }
  const layersOf = database.prepare('SELECT id FROM layer WHERE tenant = ?')

  function byTypes(tenant: number, types: readonly string[], isPast: boolean): Iterable<Candidate> {
    const table = isPast ? 'type_ever' : 'type_entity'
    const numbers = types.map((type) => names.find(type)).filter((type) => type !== 0)
    if (numbers.length === 0) return []
    if (numbers.length === 1) {
      return rows(`SELECT ${columns} FROM ${table} t JOIN entity e ON e.pk = t.pk WHERE t.tenant = ? AND t.type = ? ORDER BY t.id`, [
        tenant,
        numbers[0] ?? 0,
      ])
    }
    const marks = numbers.map(() => '?').join(', ')
    return rows(`SELECT DISTINCT ${columns} FROM ${table} t JOIN entity e ON e.pk = t.pk WHERE t.tenant = ? AND t.type IN (${marks}) ORDER BY e.id`, [
      tenant,
      ...numbers,
    ])
  }

  function inBoxes(tenant: number, { types, geo }: Narrowing): Iterable<Candidate> | undefined {
    if (geo?.boxes === undefined) return undefined
    const attribute = names.find(geo.property)
    if (attribute === 0) return []
    const layers =
      types === undefined
        ? layersOf.all(tenant).map(({ id }) => Number(id))
        : types.map((type) => Number(layerOf.get(tenant, names.find(type))?.['id'] ?? 0)).filter((layer) => layer !== 0)
    const hits = new Set<number>()
    for (const layer of layers) {
      for (const [west, south, east, north] of geo.boxes) {
        for (const { pk } of inBox.iterate(east, west, north, south, layer, layer, attribute)) {
          hits.add(Number(pk))
          if (hits.size > mostIndexHits) return undefined
        }
      }
    }
    return ofPks(hits)
  }

  /** The hits of the most selective comparison that the side index can answer; an attribute that is not simple may always match. */
  function byValues(tenant: number, { comparisons }: Narrowing): Iterable<Candidate> | undefined {
    let best: Set<number> | undefined
    for (const comparison of comparisons) {
      const attribute = names.find(comparison.name)
      if (attribute === 0) return []
      const hits = new Set<number>()
      for (const rows of rowsOf(tenant, attribute, comparison)) for (const { pk } of rows) hits.add(Number(pk))
      if (hits.size <= mostIndexHits && (best === undefined || hits.size < best.size)) best = hits
    }
    return best === undefined ? undefined : ofPks(best)
  }

  function rowsOf(tenant: number, attribute: number, comparison: Comparison): Record<string, unknown>[][] {
    if (comparison.kind === 'exists') return [withAttribute.all(tenant, attribute)]
    return [withValue[comparison.op].all(tenant, attribute, indexKey(comparison.value)), withValue['=='].all(tenant, attribute, notSimple)]
  }

  function ofPks(pks: ReadonlySet<number>): Iterable<Candidate> {
    const find = database.prepare(`SELECT ${columns} FROM entity e WHERE pk = ?`)
    const found = [...pks].flatMap((pk) => find.all(pk).map(toCandidate))
    return found.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
  }

  function* rows(sql: string, values: readonly SQLInputValue[]): Generator<Candidate> {
    for (const row of database.prepare(sql).iterate(...values)) yield toCandidate(row)
  }

  return (tenant, narrowing, isPast) => {
    if (narrowing.ids !== undefined) return [...new Set(narrowing.ids)].toSorted().flatMap((id) => byId.all(tenant, id).map(toCandidate))
    const indexed = isPast ? undefined : (inBoxes(tenant, narrowing) ?? byValues(tenant, narrowing))
    if (indexed !== undefined) return indexed
    if (narrowing.types !== undefined) return byTypes(tenant, narrowing.types, isPast)
    return mapped((isPast ? everything : everythingLive).iterate(tenant))
  }
}

function* mapped(rows: Iterable<Record<string, unknown>>): Generator<Candidate> {
  for (const row of rows) yield toCandidate(row)
}

function toCandidate(row: Record<string, unknown>): Candidate {
  return { pk: Number(row['pk']), id: String(row['id']), doc: typeof row['doc'] === 'string' ? row['doc'] : null }
}
