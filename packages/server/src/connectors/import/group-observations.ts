import type { Attribute, Entity, Json } from '@cityloop/ngsi-ld'
import type { Observation } from './compile-mapping.ts'

/** Observations of one entity at one time from several rows, to be sent as one command; `row` and `cells` are those of its first row. */
export type Group = Observation & { readonly row: number; readonly cells: readonly Json[] }

/** A bounded window over the rows in which observations of one entity at one time come together. */
export type Grouping = {
  readonly size: number
  add(observation: Observation, row: number, cells: readonly Json[]): void
  /** Takes the oldest groups out. */
  take(count: number): readonly Group[]
  /** The first row that a group still in the window came from. */
  oldestRow(): number | undefined
}

export function openGrouping(): Grouping {
  const groups = new Map<string, Group>()
  return {
    get size() {
      return groups.size
    },
    add(observation, row, cells) {
      const key = `${observation.at ?? ''} ${observation.id} ${observation.types.join(' ')}`
      const known = groups.get(key)
      if (known === undefined) groups.set(key, { ...observation, row, cells })
      else groups.set(key, { ...known, lasting: merge(known.lasting, observation.lasting), observed: merge(known.observed, observation.observed) })
    },
    take(count) {
      const taken: Group[] = []
      for (const [key, group] of groups) {
        if (taken.length === count) break
        taken.push(group)
        groups.delete(key)
      }
      return taken
    },
    oldestRow() {
      for (const group of groups.values()) return group.row
      return undefined
    },
  }
}

/** Turns groups into entities; what an entity is as such goes along only where it was not sent just so before. */
export function openEntityWriter(): (group: Group) => Entity {
  const sent = new Map<string, Attributes>()
  return ({ id, types, lasting, observed }) => {
    const before = sent.get(id)
    if (before !== undefined && isSame(before, lasting)) return { id, types, attributes: observed }
    if (sent.size >= maxRemembered) sent.clear()
    sent.set(id, lasting)
    return { id, types, attributes: { ...lasting, ...observed } }
  }
}

function isSame(one: Attributes, other: Attributes): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => isSameInstances(one[name], other[name]))
}

function isSameInstances(one: readonly Attribute[] = [], other: readonly Attribute[] = []): boolean {
  const [first] = one
  const [second] = other
  if (one.length !== 1 || other.length !== 1 || first === undefined || second === undefined) return JSON.stringify(one) === JSON.stringify(other)
  if (typeof first.value === 'object') return JSON.stringify(first) === JSON.stringify(second)
  return first.value === second.value && first.kind === second.kind && first.unitCode === second.unitCode && first.datasetId === second.datasetId
}

const maxRemembered = 5000

type Attributes = Readonly<Record<string, readonly Attribute[]>>

/** The instances of both; where both have one of a dataset id, that of the later row. */
function merge(earlier: Attributes, later: Attributes): Attributes {
  const merged: Record<string, readonly Attribute[]> = { ...earlier }
  for (const [name, instances] of Object.entries(later)) {
    const kept = (merged[name] ?? []).filter(({ datasetId }) => !instances.some((instance) => instance.datasetId === datasetId))
    merged[name] = kept.length === 0 ? instances : [...kept, ...instances]
  }
  return merged
}
