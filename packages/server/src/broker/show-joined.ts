import { linkedIdsOf } from '@cityloop/ngsi-ld'
import type { Attribute, Entity, GeoJsonOptions, Join, Joined, Projection } from '@cityloop/ngsi-ld'

/** An entity and how it is shown. */
export type Shown = { readonly entity: Entity; readonly options: GeoJsonOptions }

/**
 * What an answer with linked entities holds (CIM 009, 4.5.23): inline, the entities asked for with the linked ones inside; flat, all of them beside each other, a linked
 * one reduced to what `pick` and `omit` name within the relationship that leads to it.
 */
export function showJoined(join: Join, entities: readonly Entity[], { findLinked }: Joined, options: GeoJsonOptions): readonly Shown[] {
  if (join.kind === 'inline') return entities.map((entity) => ({ entity, options: { ...options, linked: findLinked, joinLevel: join.level } }))
  const shown = new Map<string, Shown>(entities.map((entity) => [entity.id, { entity, options }]))
  let frontier: readonly Shown[] = [...shown.values()]
  for (let level = 0; level < join.level && frontier.length > 0; level += 1) {
    const next: Shown[] = []
    for (const { entity, options: outer } of frontier) {
      for (const [name, instances] of Object.entries(entity.attributes)) {
        if (!isShown(name, outer)) continue
        for (const id of idsOf(name, instances)) {
          const linked = shown.has(id) ? undefined : findLinked(id)
          if (linked === undefined) continue
          const one: Shown = { entity: linked, options: inner(name, outer) }
          shown.set(id, one)
          next.push(one)
        }
      }
    }
    frontier = next
  }
  return [...shown.values()]
}

function idsOf(name: string, instances: readonly Attribute[]): readonly string[] {
  return linkedIdsOf({ id: '', types: [], attributes: { [name]: instances } })
}

function isShown(name: string, { pick, omit }: GeoJsonOptions): boolean {
  return (pick === undefined || pick.has(name)) && !(omit?.has(name) === true && omit.get(name) === undefined)
}

function inner(name: string, options: GeoJsonOptions): GeoJsonOptions {
  const pick: Projection | undefined = options.pick?.get(name)
  const omit: Projection | undefined = options.omit?.get(name)
  const { pick: _, omit: __, attrs: ___, datasetIds: ____, ...rest } = options
  return { ...rest, ...(pick === undefined ? {} : { pick }), ...(omit === undefined ? {} : { omit }) }
}
