import { NgsiLdError, compactIri, expandTerm, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, Iri, Json } from '@cityloop/ngsi-ld'
import type { Caller } from '#governance/access.ts'
import { countTypes } from '#broker/read-entities.ts'
import { mapBounded } from '#runtime/map-bounded.ts'
import type { TypeCount } from '#store/store.ts'
import { findSources } from './find-sources.ts'
import { offers } from './operations.ts'
import type { Operation } from './operations.ts'
import type { Origin } from './origin.ts'
import type { DistributedReadDeps } from './read-peers.ts'
import { mostPeersAtOnce, warnOf, withoutLoops } from './read-peers.ts'

/** What is asked: of types or attributes, of all or by expanded name of one, with details or not; and the operation that it is (4.20). */
export type Discovery = { readonly path: '/types' | '/attributes'; readonly name?: Iri; readonly operation: Operation; readonly details?: boolean }

/**
 * The types that there are with their attributes, here and at every source (CIM 009, 5.7.5 to 5.7.10). What sources say is added to what is counted here; a
 * source that tells only names is counted as one entity of each. Attributes of which no type is told stand under the empty type.
 */
export async function countTypesDistributed(
  deps: DistributedReadDeps,
  origin: Origin,
  caller: Caller,
  discovery: Discovery,
): Promise<readonly TypeCount[]> {
  const local = await countTypes(deps, caller)
  const sources = withoutLoops(findSources(deps, caller.tenant, origin, {}), origin).filter(({ registration }) =>
    offers(registration.operations, discovery.operation),
  )
  if (sources.length === 0) return local
  const remote = await mapBounded(sources, mostPeersAtOnce, async (source) => {
    const context = await deps.peers.contextFor(source.registration, origin)
    const reply = await deps.peers.call(source.registration, origin, context, {
      method: 'GET',
      path: discovery.name === undefined ? discovery.path : `${discovery.path}/${encodeURIComponent(compactIri(context, discovery.name))}`,
      parameters: [['details', discovery.details === true ? 'true' : undefined]],
    })
    if (reply.kind === 'answered') {
      try {
        return readCounts(reply.body ?? null, context)
      } catch (error) {
        if (!(error instanceof NgsiLdError)) throw error
        warnOf(origin, source, { kind: 'failed', fault: 'invalid', detail: error.message })
      }
    } else warnOf(origin, source, reply)
    return []
  })
  return merged([...local, ...remote.flat()])
}

/** What a list or a description of types or attributes (5.2.24 to 5.2.28) says, as counts. */
function readCounts(body: Json, context: Context): readonly TypeCount[] {
  if (Array.isArray(body)) return (body as readonly Json[]).flatMap((item) => readCounts(item, context))
  if (!isJsonObject(body)) throw new NgsiLdError('BadRequestData', 'What the source sent tells of no types')
  const expand = (name: Json): string => (typeof name === 'string' ? expandTerm(context, name) : '')
  const names = (member: string): readonly string[] => (Array.isArray(body[member]) ? (body[member] as readonly Json[]).map(expand) : [])
  if (body['typeList'] !== undefined) return names('typeList').map((type) => ({ type, count: 1, attributes: [] }))
  if (body['attributeList'] !== undefined) return [{ type: '', count: 0, attributes: names('attributeList').map((name) => ({ name, count: 1 })) }]
  const { attributeDetails, attributeName, attributeCount, entityCount, typeName } = body
  if (attributeName !== undefined) {
    const count = typeof attributeCount === 'number' ? attributeCount : 1
    const types = names('typeNames')
    const attribute = { name: expand(attributeName), count }
    return (types.length === 0 ? [''] : types).map((type, index) => ({
      type,
      count: 0,
      attributes: [index === 0 ? attribute : { ...attribute, count: 0 }],
    }))
  }
  if (typeName === undefined) throw new NgsiLdError('BadRequestData', 'What the source sent tells of no types')
  const described = Array.isArray(attributeDetails)
    ? (attributeDetails as readonly Json[]).map((detail) => (isJsonObject(detail) ? expand(detail['attributeName'] ?? '') : ''))
    : names('attributeNames')
  return [
    { type: expand(typeName), count: typeof entityCount === 'number' ? entityCount : 1, attributes: described.map((name) => ({ name, count: 1 })) },
  ]
}

function merged(counts: readonly TypeCount[]): readonly TypeCount[] {
  const byType = new Map<string, { count: number; attributes: Map<string, number> }>()
  for (const { attributes, count, type } of counts) {
    const known = byType.get(type) ?? { count: 0, attributes: new Map<string, number>() }
    known.count += count
    for (const attribute of attributes) known.attributes.set(attribute.name, (known.attributes.get(attribute.name) ?? 0) + attribute.count)
    byType.set(type, known)
  }
  return [...byType].map(([type, { attributes, count }]) => ({ type, count, attributes: [...attributes].map(([name, of]) => ({ name, count: of })) }))
}
