import type { Attribute, Entity, Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import { beforeAll, everyInstance } from './draft.ts'
import type { InstanceRow } from './instance-row.ts'

/**
 * The entity as a live answer gave it at some time: `rows` are, for each series, the last row recorded by then that made a live value.
 * `undefined` where there was none.
 */
export function asKnown(id: string, rows: readonly InstanceRow[]): Entity | undefined {
  const own = rows.find((row) => row.attribute === 'type')
  if (own?.instance === undefined || own.kind === 'tombstone') return undefined
  const { types, createdAt, expiresAt } = own.instance.value as unknown as { types: Iri[]; createdAt: Instant; expiresAt?: Instant }
  const attributes: Record<Iri, Attribute[]> = {}
  let modifiedAt = own.recordedAt
  let scopes: readonly string[] = []
  for (const row of rows) {
    if (row.recordedAt < createdAt) continue
    modifiedAt = Math.max(modifiedAt, row.recordedAt)
    if (row.attribute === 'scope') scopes = row.instance?.value as readonly string[]
    else if (row.attribute !== 'type' && row.kind !== 'tombstone' && row.instance !== undefined) (attributes[row.attribute] ??= []).push(row.instance)
  }
  return {
    id,
    types,
    ...(scopes.length === 0 ? {} : { scopes }),
    attributes,
    createdAt,
    modifiedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/**
 * The rows of one series that the evolution shows, oldest first: the newest row of each instance, without those that were ended. A tombstone that remains
 * says that the attribute was deleted then.
 */
export function evolutionOf(rows: readonly InstanceRow[]): readonly InstanceRow[] {
  let endedUntil = -Infinity
  for (const row of rows) if (row.instanceId === everyInstance) endedUntil = Math.max(endedUntil, row.recordedAt)
  const newest = new Map<string, InstanceRow>()
  const several = new Set<string>()
  for (const row of rows) {
    if (row.at === beforeAll || row.recordedAt <= endedUntil) continue
    const other = newest.get(row.instanceId)
    if (other !== undefined) several.add(row.instanceId)
    if (other === undefined || isNewer(row, other)) newest.set(row.instanceId, row)
  }
  const shown = [...newest.values()].filter((row) => row.kind !== 'tombstone' || (row.current && !several.has(row.instanceId)))
  return shown.sort((left, right) => left.at - right.at || left.recordedAt - right.recordedAt)
}

function isNewer(row: InstanceRow, other: InstanceRow): boolean {
  return row.recordedAt > other.recordedAt || (row.recordedAt === other.recordedAt && other.kind === 'tombstone')
}
