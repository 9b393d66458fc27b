import { DatabaseSync } from 'node:sqlite'
import type { Attribute, Change, Entity } from '@cityloop/ngsi-ld'
import { isAcknowledged } from './mixed-load.ts'
import type { Answer } from './mixed-load.ts'

/** What is wrong with a data directory after a fault; nothing where all three are empty. */
export type Verdict = {
  /** Acknowledged writes that are not there. */
  readonly lost: readonly string[]
  /** Where entity, history, outbox, audit and indexes do not tell the same. */
  readonly halfWritten: readonly string[]
  /** What SQLite finds damaged. */
  readonly damage: readonly string[]
}

/** Whether nothing is wrong. */
export function isWhole({ lost, halfWritten, damage }: Verdict): boolean {
  return lost.length + halfWritten.length + damage.length === 0
}

/** Checks a database against the answers that the mixed load had by a time (nanoseconds, monotonic). Opening it recovers it, as the server's start would. */
export function checkCity(file: string, answers: readonly Answer[], until: bigint): Verdict {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.exec('PRAGMA synchronous = OFF')
    const found = database
      .prepare('PRAGMA integrity_check(3)')
      .all()
      .map((row) => String(row['integrity_check']))
    const damage = found.filter((text) => text !== 'ok')
    const contents = readContents(database)
    return { damage, lost: lostOf(contents, answers, until), halfWritten: disagreements(contents) }
  } catch (error) {
    return { damage: [error instanceof Error ? error.message : String(error)], lost: [], halfWritten: [] }
  } finally {
    database?.close()
  }
}

type Row = { readonly pk: number; readonly attribute: string; readonly kind: number; readonly body: Attribute | undefined }
type Contents = {
  readonly entities: ReadonlyMap<string, { readonly pk: number; readonly entity: Entity | undefined }>
  /** The history's rows by the time of recording. */
  readonly history: ReadonlyMap<number, readonly Row[]>
  readonly outbox: readonly { readonly sequence: number; readonly recorded: number; readonly change: Change }[]
  readonly audited: ReadonlySet<number>
  readonly counts: { readonly types: number; readonly values: number }
}

function readContents(database: DatabaseSync): Contents {
  const entities = new Map<string, { pk: number; entity: Entity | undefined }>()
  for (const { pk, id, doc } of database.prepare('SELECT pk, id, doc FROM entity').iterate())
    entities.set(String(id), { pk: Number(pk), entity: typeof doc === 'string' ? (JSON.parse(doc) as Entity) : undefined })
  const history = new Map<number, Row[]>()
  const rows = database.prepare(
    'SELECT s.pk AS pk, n.text AS attribute, h.kind AS kind, h.recorded AS recorded, h.body AS body FROM history h JOIN series s ON s.id = h.series JOIN name n ON n.id = s.attribute',
  )
  for (const { pk, attribute, kind, recorded, body } of rows.iterate()) {
    const row: Row = {
      pk: Number(pk),
      attribute: String(attribute),
      kind: Number(kind),
      body: typeof body === 'string' ? (JSON.parse(body) as Attribute) : undefined,
    }
    const known = history.get(Number(recorded))
    if (known === undefined) history.set(Number(recorded), [row])
    else known.push(row)
  }
  const outbox = database
    .prepare('SELECT sequence, recorded, body FROM outbox ORDER BY sequence')
    .all()
    .map(({ sequence, recorded, body }) => ({ sequence: Number(sequence), recorded: Number(recorded), change: JSON.parse(String(body)) as Change }))
  const audited = new Set(
    database
      .prepare('SELECT recorded FROM audit')
      .all()
      .map(({ recorded }) => Number(recorded)),
  )
  const count = (sql: string): number => Number(database.prepare(sql).get()?.['count'])
  const counts = { types: count('SELECT COUNT(*) AS count FROM type_entity'), values: count('SELECT COUNT(*) AS count FROM attribute_value') }
  return { entities, history, outbox, audited, counts }
}

function lostOf({ entities, history, outbox }: Contents, answers: readonly Answer[], until: bigint): readonly string[] {
  const remembered = new Set<unknown>()
  for (const rows of history.values()) for (const { body } of rows) remembered.add(body?.value)
  const told = new Set<unknown>()
  for (const { change } of outbox) for (const { after } of change.attributes) told.add(after?.value)
  const lost: string[] = []
  for (const answer of answers) {
    if (!isAcknowledged(answer) || answer.at > until) continue
    for (const token of answer.tokens) {
      if (!remembered.has(token)) lost.push(`${answer.kind} of ${answer.ids.join(', ')}: the history has no value ${token}`)
      if (!told.has(token)) lost.push(`${answer.kind} of ${answer.ids.join(', ')}: the outbox has no value ${token}`)
    }
    if (answer.kind !== 'delete') continue
    for (const id of answer.ids) if (entities.get(id)?.entity !== undefined) lost.push(`${id} was deleted and is there`)
  }
  return lost
}

/** Plays the outbox through and compares at each step with the history, at the end with the entities and what is counted of them. */
function disagreements({ entities, history, outbox, audited, counts }: Contents): readonly string[] {
  const found: string[] = []
  const played = new Map<string, Map<string, Attribute>>()
  const recordedTimes = new Set<number>()
  let previous = 0
  for (const { sequence, recorded, change } of outbox) {
    if (sequence !== previous + 1) found.push(`the outbox goes from ${previous} to ${sequence}`)
    previous = sequence
    recordedTimes.add(recorded)
    const rows = history.get(recorded) ?? []
    if (rows.length === 0 || rows.some((row) => row.pk !== entities.get(change.id)?.pk))
      found.push(`change ${sequence} of ${change.id} has no rows of its own`)
    if (!audited.has(recorded)) found.push(`change ${sequence} of ${change.id} is not audited`)
    const attributes = change.kind === 'created' ? new Map<string, Attribute>() : (played.get(change.id) ?? new Map<string, Attribute>())
    for (const { name, after } of change.attributes) {
      const row = rows.find((one) => one.attribute === name)
      if (row === undefined || (after === undefined) !== (row.kind === 2) || (after !== undefined && !same(row.body?.value, after.value)))
        found.push(`the history does not have what change ${sequence} says of ${name}`)
      if (after === undefined) attributes.delete(name)
      else attributes.set(name, after)
    }
    if (change.kind === 'deleted') played.delete(change.id)
    else played.set(change.id, attributes)
  }
  for (const recorded of history.keys()) if (!recordedTimes.has(recorded)) found.push(`the rows recorded at ${recorded} have no change in the outbox`)
  for (const recorded of audited) if (!recordedTimes.has(recorded)) found.push(`the audit has a write at ${recorded} that the outbox has not`)

  let [types, values] = [0, 0]
  for (const [id, { entity }] of entities) {
    const attributes = played.get(id)
    if ((entity === undefined) !== (attributes === undefined)) found.push(`${id} is ${entity === undefined ? 'not ' : ''}there, against the outbox`)
    if (entity === undefined || attributes === undefined) continue
    types += entity.types.length
    values += attributes.size
    const isAsTold =
      Object.keys(entity.attributes).length === attributes.size && [...attributes].every(([name, told]) => same(entity.attributes[name], [told]))
    if (!isAsTold) found.push(`${id} is not what the outbox made of it`)
  }
  if (counts.types !== types) found.push(`${types} types are had and ${counts.types} listed`)
  if (counts.values !== values) found.push(`${values} values are had and ${counts.values} indexed`)
  return found
}

/** Both were written by the same code from the same object, so their text is the same. */
function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
