import { asKnown, beforeAll, evolutionOf } from '@cityloop/ngsi-ld'
import type { Attribute, Entity, Instant, InstanceRow } from '@cityloop/ngsi-ld'
import type { DatabaseSync } from 'node:sqlite'
import type { Dictionary } from './dictionary.ts'
import { historyColumns, toInstanceRow } from './history-rows.ts'

/** Reads what an entity was. */
export type PastEntities = {
  /** What a live answer gave at a time; `undefined` where there was no such entity then. */
  known(pk: number, id: string, at: Instant): Entity | undefined
  /** What is now held to have been so at a time: of each series the newest instance shown by then; one without `observedAt` always was as it first is. */
  true(pk: number, id: string, at: Instant): Entity | undefined
  /** The entity as it last was before it was deleted. */
  last(pk: number, id: string): Entity | undefined
}

export function openPastEntities(database: DatabaseSync, names: Dictionary, causes: Dictionary): PastEntities {
  const seriesOf = database.prepare('SELECT id, attribute FROM series WHERE pk = ?')
  const lastKnown = database.prepare(
    `SELECT ${historyColumns} FROM history h JOIN series s ON s.id = h.series
     WHERE h.series = ?1 AND h.current = 1 AND h.recorded = (SELECT MAX(recorded) FROM history WHERE series = ?1 AND current = 1 AND recorded <= ?2) ORDER BY h.n DESC LIMIT 1`,
  )
  const downFrom = database.prepare(
    `SELECT ${historyColumns} FROM history h JOIN series s ON s.id = h.series WHERE h.series = ? AND h.at <= ? ORDER BY h.at DESC, h.recorded DESC`,
  )
  const first = database.prepare(
    `SELECT ${historyColumns} FROM history h JOIN series s ON s.id = h.series WHERE h.series = ? AND h.at > ${beforeAll} ORDER BY h.at, h.recorded LIMIT 1`,
  )
  const endings = database.prepare(`SELECT MAX(recorded) AS recorded FROM history WHERE series = ? AND at = ${beforeAll}`)
  const deletion = database.prepare(
    `SELECT MAX(h.recorded) AS recorded FROM history h JOIN series s ON s.id = h.series WHERE s.pk = ? AND s.attribute = ? AND h.current = 1 AND h.kind = 2`,
  )

  function knownRows(pk: number, at: Instant): InstanceRow[] {
    return seriesOf.all(pk).flatMap(({ id }) => lastKnown.all(id ?? null, at).map((row) => toInstanceRow(row, names, causes)))
  }

  function trueRow(series: number, at: Instant): InstanceRow | undefined {
    const ended = Number(endings.get(series)?.['recorded'] ?? -Infinity)
    let slot: InstanceRow[] = []
    for (const columns of downFrom.iterate(series, at)) {
      const row = toInstanceRow(columns, names, causes)
      if (row.at === beforeAll || row.recordedAt <= ended) continue
      if (slot[0] !== undefined && slot[0].at !== row.at) {
        const shown = evolutionOf(slot).at(-1)
        if (shown !== undefined) return shown
        slot = []
      }
      slot.push(row)
    }
    const shown = evolutionOf(slot).at(-1)
    if (shown !== undefined) return shown
    const earliest = first.get(series)
    const row = earliest === undefined ? undefined : toInstanceRow(earliest, names, causes)
    return row?.observedAt === undefined && row?.kind !== 'tombstone' ? row : undefined
  }

  return {
    known: (pk, id, at) => asKnown(id, knownRows(pk, at)),
    true(pk, id, at) {
      const rows = seriesOf.all(pk).flatMap(({ id: series }) => trueRow(Number(series), at) ?? [])
      const own = rows.find((row) => row.attribute === 'type')
      if (own?.instance === undefined || own.kind === 'tombstone') return undefined
      const isThere = own.at <= at || rows.some((row) => row.observedAt !== undefined)
      if (!isThere) return undefined
      const { types, createdAt } = own.instance.value as unknown as { types: string[]; createdAt: Instant }
      const attributes: Record<string, Attribute[]> = {}
      let scopes: readonly string[] = []
      for (const row of rows) {
        if (row.attribute === 'scope') scopes = (row.instance?.value ?? []) as readonly string[]
        else if (row.attribute !== 'type' && row.kind !== 'tombstone' && row.instance !== undefined)
          (attributes[row.attribute] ??= []).push(row.instance)
      }
      return {
        id,
        types,
        ...(scopes.length === 0 ? {} : { scopes }),
        attributes,
        createdAt,
        modifiedAt: Math.max(...rows.map((row) => row.recordedAt)),
      }
    },
    last(pk, id) {
      const recorded = Number(deletion.get(pk, names.find('type'))?.['recorded'] ?? 0)
      return recorded === 0 ? undefined : asKnown(id, knownRows(pk, recorded - 1))
    },
  }
}
