import { NgsiLdError, coreContext, findInstance, isJsonObject, parseEntity, parseTemporalEntity, sameContent } from '@cityloop/ngsi-ld'
import type { Attribute, Entity } from '@cityloop/ngsi-ld'
import type { WriteDeps } from '#broker/write-entities.ts'
import { writeEntities, writeEntity } from '#broker/write-entities.ts'
import type { Caller } from '#governance/access.ts'

/** What became of a line: written, there already just so, or not fit to be written, with the reason. */
export type LineOutcome = { readonly kind: 'written' } | { readonly kind: 'unchanged' } | { readonly kind: 'refused'; readonly detail: string }

/**
 * Takes in lines that `exportLines` wrote, each the parsed JSON of one. Entities that are here already are left: the same is fine, another is refused, so
 * that nothing is mixed.
 */
export async function importLines(deps: WriteDeps, caller: Caller, lines: readonly unknown[]): Promise<readonly LineOutcome[]> {
  const outcomes: LineOutcome[] = []
  for (const line of lines) outcomes.push(await importLine(deps, caller, line).catch(refusalOf))
  return outcomes
}

async function importLine(deps: WriteDeps, caller: Caller, line: unknown): Promise<LineOutcome> {
  if (!isJsonObject(line) || !isJsonObject(line['entity']) || !isJsonObject(line['evolution']))
    throw new NgsiLdError('BadRequestData', 'A line of an export has entity and evolution')
  const entity = parseEntity(line['entity'], coreContext)
  const evolution = parseTemporalEntity(line['evolution'], coreContext)
  if (evolution.id !== entity.id) throw new NgsiLdError('BadRequestData', `The line's entity ${entity.id} has the evolution of ${evolution.id}`)
  const scope = deps.access.writeScope(caller, 'import')
  const known = await deps.store.retrieve(caller.tenant, scope, entity.id)
  if (known !== undefined) {
    if (differences(entity, known) === undefined) return { kind: 'unchanged' }
    throw new NgsiLdError('AlreadyExists', `Entity ${entity.id} is here already, and differs`)
  }
  await writeEntities(deps, caller, [{ kind: 'appendTemporal', entity: withoutOutdatedLive(evolution, entity), create: true }])
  const written = await deps.store.retrieve(caller.tenant, scope, entity.id)
  const left = written === undefined ? entity : differences(entity, written)
  if (left !== undefined) await writeEntity(deps, caller, { kind: 'upsertEntity', entity: left, mode: 'update' })
  return { kind: 'written' }
}

/**
 * The evolution without the live instances that are not the newest of their series: what is added last becomes live, so these are written afterwards, as the
 * entity's own.
 */
function withoutOutdatedLive(evolution: Entity, entity: Entity): Entity {
  const attributes = Object.entries(evolution.attributes).flatMap(([name, instances]) => {
    const kept = instances.filter((instance) => {
      const live = findInstance(entity.attributes, name, instance.datasetId)
      const isLive = live !== undefined && sameContent(live, instance)
      return !isLive || !instances.some((other) => other.datasetId === live.datasetId && (other.observedAt ?? 0) > (live.observedAt ?? Infinity))
    })
    return kept.length === 0 ? [] : [[name, kept] as const]
  })
  return { ...evolution, attributes: Object.fromEntries(attributes) }
}

/** The parts of `wanted` that `there` does not have just so, or `undefined` where it has all. */
function differences(wanted: Entity, there: Entity): Entity | undefined {
  const attributes = Object.entries(wanted.attributes).flatMap(([name, instances]) => {
    const differing = instances.filter((instance: Attribute) => {
      const found = findInstance(there.attributes, name, instance.datasetId)
      return found === undefined || !sameContent(found, instance)
    })
    return differing.length === 0 ? [] : [[name, differing] as const]
  })
  return attributes.length === 0 ? undefined : { ...wanted, attributes: Object.fromEntries(attributes) }
}

function refusalOf(error: unknown): LineOutcome {
  if (error instanceof NgsiLdError && error.type !== 'Unavailable' && error.type !== 'InsufficientStorage')
    return { kind: 'refused', detail: error.message }
  throw error
}
