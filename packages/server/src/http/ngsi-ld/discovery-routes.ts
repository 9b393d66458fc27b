import { NgsiLdError, compactIri, expandTerm, parseTypeSelection } from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { attributeKinds } from '#broker/describe-types.ts'
import type { Discovery } from '#federation/discover-peers.ts'
import type { TypeCount } from '#store/store.ts'
import { contextOfRead, readCaller, readParameters } from '../exchange.ts'
import { readOrigin } from './origin.ts'
import { negotiate, sendDocument } from './represent.ts'

/** /types and /attributes (CIM 009, 5.7.5 to 5.7.10; 6.25 to 6.28): lists and counts are read off counters; only what is told of one type or attribute looks at its entities. */
export function discoveryRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/ngsi-ld/v1/types', (request, reply) =>
    answer(request, reply, ['details', 'local'], listOf('/types'), (counts, context, details) => {
      const sorted = counts.filter(({ type }) => type !== '').toSorted((left, right) => (left.type < right.type ? -1 : 1))
      if (!details)
        return { id: 'urn:ngsi-ld:EntityTypeList:local', type: 'EntityTypeList', typeList: sorted.map(({ type }) => compactIri(context, type)) }
      return sorted.map((count) => ({
        id: count.type,
        type: 'EntityType',
        typeName: compactIri(context, count.type),
        attributeNames: count.attributes.map(({ name }) => compactIri(context, name)),
      }))
    }),
  )

  app.get<{ Params: { type: string } }>('/ngsi-ld/v1/types/:type', (request, reply) =>
    answer(request, reply, ['local'], oneOf('/types', request.params.type), async (counts, context) => {
      const type = expandTerm(context, request.params.type)
      const found = counts.find((count) => count.type === type)
      if (found === undefined) throw new NgsiLdError('ResourceNotFound', `No entity has the type ${type}`)
      const selection = parseTypeSelection(request.params.type, (term) => expandTerm(context, term))
      const kinds = await attributeKinds(deps, readCaller(request), { entities: [{ types: selection }] })
      return {
        id: type,
        type: 'EntityTypeInfo',
        typeName: compactIri(context, type),
        entityCount: found.count,
        attributeDetails: found.attributes.map(({ name }) => ({
          id: name,
          type: 'Attribute',
          attributeName: compactIri(context, name),
          attributeTypes: kinds.get(name) ?? [],
        })),
      }
    }),
  )

  app.get('/ngsi-ld/v1/attributes', (request, reply) =>
    answer(request, reply, ['details', 'local'], listOf('/attributes'), (counts, context, details) => {
      const byName = attributesOf(counts)
      const names = [...byName.keys()].toSorted()
      if (!details)
        return { id: 'urn:ngsi-ld:AttributeList:local', type: 'AttributeList', attributeList: names.map((name) => compactIri(context, name)) }
      return names.map((name) => ({
        id: name,
        type: 'Attribute',
        attributeName: compactIri(context, name),
        typeNames: typeNames(byName, name, context),
      }))
    }),
  )

  app.get<{ Params: { attribute: string } }>('/ngsi-ld/v1/attributes/:attribute', (request, reply) =>
    answer(request, reply, ['local'], oneOf('/attributes', request.params.attribute), async (counts, context) => {
      const name = expandTerm(context, request.params.attribute)
      const byName = attributesOf(counts)
      const found = byName.get(name)
      if (found === undefined) throw new NgsiLdError('ResourceNotFound', `No entity has the attribute ${name}`)
      const kinds = await attributeKinds(deps, readCaller(request), { attrs: [name] })
      // An entity of several types counts once for each: 5.7.11 allows an estimate.
      const attributeCount = found.reduce((sum, { count }) => sum + count, 0)
      return {
        id: name,
        type: 'Attribute',
        attributeName: compactIri(context, name),
        attributeCount,
        attributeTypes: kinds.get(name) ?? [],
        typeNames: typeNames(byName, name, context),
      }
    }),
  )

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    known: readonly string[],
    discover: (context: Context, details: boolean) => Discovery,
    show: (counts: readonly TypeCount[], context: Context, details: boolean) => Json | Promise<Json>,
  ): Promise<FastifyReply> {
    const mediaType = negotiate(request, reply)
    if (mediaType === undefined) return reply
    const parameters = readParameters(request, known)
    const context = await contextOfRead(request, deps.contexts)
    const details = parameters.flag('details')
    const origin = readOrigin(request, reply, parameters, context)
    const counts = await deps.federation.countTypes(origin, readCaller(request), discover(context, details))
    const document = await show(counts, context, details)
    return sendDocument(request, reply, mediaType, context, document)
  }
}

/** What is asked of peers for a list. */
function listOf(path: Discovery['path']): (context: Context, details: boolean) => Discovery {
  const [short, long] =
    path === '/types' ? (['retrieveEntityTypes', 'retrieveEntityTypeDetails'] as const) : (['retrieveAttrTypes', 'retrieveAttrTypeDetails'] as const)
  return (_context, details) => ({ path, operation: details ? long : short, details })
}

/** What is asked of peers for one type or attribute. */
function oneOf(path: Discovery['path'], name: string): (context: Context) => Discovery {
  return (context) => ({ path, name: expandTerm(context, name), operation: path === '/types' ? 'retrieveEntityTypeInfo' : 'retrieveAttrTypeInfo' })
}

type ByName = ReadonlyMap<string, readonly { readonly type: string; readonly count: number }[]>

function attributesOf(counts: readonly TypeCount[]): ByName {
  const byName = new Map<string, { type: string; count: number }[]>()
  for (const { type, attributes } of counts) {
    for (const { name, count } of attributes) byName.set(name, [...(byName.get(name) ?? []), { type, count }])
  }
  return byName
}

function typeNames(byName: ByName, name: string, context: Context): string[] {
  return (byName.get(name) ?? []).flatMap(({ type }) => (type === '' ? [] : [compactIri(context, type)])).toSorted()
}
