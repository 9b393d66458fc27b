import { labelOf, numberOf, positionOf, typeOf } from '../api/entity.ts'
import type { EntityDocument } from '../api/entity.ts'
import { toValueClasses } from './value-classes.ts'
import type { ValueClasses } from './value-classes.ts'

/** One entity as a layer shows it, on the map and in the list. */
export type Row = {
  readonly id: string
  readonly lon: number | null
  readonly lat: number | null
  readonly label: string
  readonly value: number | null
  readonly observedAt: string | null
}

/** What `/api/map` answers for one type. */
export type MapAnswer = {
  readonly type: string
  readonly event?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  readonly attributes: readonly string[]
  readonly attribution?: readonly string[]
}

/** A change to one entity, as the live stream carries it. */
export type RowChange = { readonly id: string; readonly type: string; readonly entity: EntityDocument | null }

/** The rows of one layer: fetched once, kept by the live stream, read by map, legend and list. */
export class LayerRows {
  readonly type: string
  readonly attribute: string | null
  readonly attributes: readonly string[]
  readonly attribution: readonly string[]
  /** Classes of the values at the time of fetching: colours must not jump while values come in. */
  readonly classes: ValueClasses | null
  readonly rows = new Map<string, Row>()
  /** Grows with every change, so that a reader sees at a glance whether it is up to date. */
  version = 0
  /** Grows when an entity comes, goes or changes its name: the order by name holds until then. */
  membership = 0
  readonly #language: string
  readonly #listeners = new Set<(ids: ReadonlySet<string>) => void>()

  constructor(answer: MapAnswer, attribute: string | null, language: string) {
    this.type = answer.type
    this.attributes = answer.attributes
    this.attribute = attribute
    this.attribution = answer.attribution ?? []
    this.#language = language
    const at = Object.fromEntries(answer.columns.map((column, index) => [column, index]))
    const read = (row: readonly unknown[], column: string): unknown => row[at[column] ?? -1]
    for (const row of answer.rows) {
      const id = String(read(row, 'id'))
      this.rows.set(id, {
        id,
        lon: toNumber(read(row, 'lon')),
        lat: toNumber(read(row, 'lat')),
        label: toText(read(row, 'label')) ?? id,
        value: toNumber(read(row, 'value')),
        observedAt: toText(read(row, 'observedAt')),
      })
    }
    this.classes = toValueClasses([...this.rows.values()].flatMap((row) => (row.value === null ? [] : [row.value])))
  }

  /** Takes over changes of this type; those of others are passed over. */
  apply(changes: readonly RowChange[]): void {
    const changed = new Set<string>()
    for (const change of changes) {
      const isOfType = change.entity === null ? change.type === this.type : hasType(change.entity, this.type)
      const before = this.rows.get(change.id)
      if (change.entity !== null && isOfType) {
        const row = this.#toRow(change.entity)
        this.rows.set(change.id, row)
        if (before?.label !== row.label) this.membership += 1
      } else if (before !== undefined) {
        this.rows.delete(change.id)
        this.membership += 1
      } else {
        continue
      }
      changed.add(change.id)
    }
    if (changed.size === 0) return
    this.version += 1
    for (const listener of this.#listeners) listener(changed)
  }

  /** Tells which ids changed, at once; whoever draws waits for a frame. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #toRow(entity: EntityDocument): Row {
    const position = positionOf(entity)
    const instance = this.attribute === null ? undefined : entity[this.attribute]
    const first = Array.isArray(instance) ? (instance[0] as unknown) : instance
    return {
      id: entity.id,
      lon: position?.lon ?? null,
      lat: position?.lat ?? null,
      label: labelOf(entity, this.#language),
      value: this.attribute === null ? null : numberOf(entity, this.attribute),
      observedAt: toText((first as { observedAt?: unknown } | undefined)?.observedAt) ?? toText(entity['modifiedAt']),
    }
  }
}

/** Whether a row's position can be on the earth; one that cannot is flagged in the list and left off the map. */
export function placementOf(row: Row): 'placed' | 'nowhere' | 'impossible' {
  if (row.lon === null || row.lat === null) return 'nowhere'
  return Math.abs(row.lon) <= 180 && Math.abs(row.lat) <= 90 ? 'placed' : 'impossible'
}

function hasType(entity: EntityDocument, type: string): boolean {
  return typeof entity.type === 'string' ? typeOf(entity) === type : entity.type.includes(type)
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
