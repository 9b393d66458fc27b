import type { Attribute, Cause, InstanceRow } from '@cityloop/ngsi-ld'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Dictionary } from './dictionary.ts'

const kinds = ['value', 'correction', 'tombstone'] as const

/** The columns that `toInstanceRow` reads, of history `h` and series `s`. */
export const historyColumns =
  's.attribute AS attribute, s.dataset AS dataset, h.series AS series, h.at AS at, h.recorded AS recorded, h.kind AS kind, h.current AS current, h.instance AS instance, h.body AS body, h.cause AS cause'

/** An instance row from the columns `historyColumns`. */
export function toInstanceRow(columns: Record<string, SQLOutputValue>, names: Dictionary, causes: Dictionary): InstanceRow {
  const dataset = Number(columns['dataset'])
  const attribute = names.text(Number(columns['attribute']))
  const instance = toInstance(attribute, columns)
  return {
    attribute,
    ...(dataset === 0 ? {} : { datasetId: names.text(dataset) }),
    instanceId: String(columns['instance']),
    at: Number(columns['at']),
    ...(instance?.observedAt === undefined ? {} : { observedAt: instance.observedAt }),
    recordedAt: Number(columns['recorded']),
    kind: kinds[Number(columns['kind'])] ?? 'value',
    current: columns['current'] === 1,
    ...(instance === undefined ? {} : { instance }),
    cause: JSON.parse(causes.text(Number(columns['cause']))) as Cause,
  }
}

/** What the row's own columns say too is not in its body: the instance id, and when the instance was modified, which is when it was recorded. */
function toBody({ attribute, instance, instanceId, recordedAt }: InstanceRow): string | null {
  if (instance === undefined) return null
  if (isOwn(attribute) || instance.instanceId !== instanceId || instance.modifiedAt !== recordedAt) return JSON.stringify(instance)
  const { instanceId: _instanceId, modifiedAt: _modifiedAt, ...rest } = instance
  return JSON.stringify(rest)
}

function toInstance(attribute: string, { body, instance, recorded }: Record<string, SQLOutputValue>): Attribute | undefined {
  if (typeof body !== 'string') return undefined
  const stored = JSON.parse(body) as Attribute
  return isOwn(attribute) ? stored : { instanceId: String(instance), modifiedAt: Number(recorded), ...stored }
}

/** Whether the row is of the entity itself; names of attributes are IRIs. */
function isOwn(attribute: string): boolean {
  return attribute === 'type' || attribute === 'scope'
}

/** Appends instance rows of an entity, making series where they are new; `isNew` says that the entity has none yet. */
export function openHistoryWriter(
  database: DatabaseSync,
  names: Dictionary,
): { append(pk: number, rows: readonly InstanceRow[], cause: number, isNew: boolean): void; forget(): void } {
  const findSeries = database.prepare('SELECT id FROM series WHERE pk = ? AND attribute = ? AND dataset = ?')
  const insertSeries = database.prepare('INSERT INTO series (pk, attribute, dataset) VALUES (?, ?, ?)')
  const insert = database.prepare(
    'INSERT INTO history (series, at, recorded, n, kind, current, instance, body, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const known = new Map<string, number>()

  function seriesOf(pk: number, attribute: number, dataset: number, isNew: boolean): number {
    const key = `${pk} ${attribute} ${dataset}`
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const found = isNew ? 0 : Number(findSeries.get(pk, attribute, dataset)?.['id'] ?? 0)
    const id = found === 0 ? Number(insertSeries.run(pk, attribute, dataset).lastInsertRowid) : found
    if (known.size >= 100_000) known.clear()
    known.set(key, id)
    return id
  }

  return {
    append(pk, rows, cause, isNew) {
      rows.forEach((row, n) => {
        const series = seriesOf(pk, names.number(row.attribute), row.datasetId === undefined ? 0 : names.number(row.datasetId), isNew)
        insert.run(series, row.at, row.recordedAt, n, kinds.indexOf(row.kind), row.current ? 1 : 0, row.instanceId, toBody(row), cause)
      })
    },
    forget: () => known.clear(),
  }
}
