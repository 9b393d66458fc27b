import { NgsiLdError, asOfVersion, joinEntities } from '@cityloop/ngsi-ld'
import type { Context, Entity, EntitySelector, GeoJsonOptions, Join, Joined } from '@cityloop/ngsi-ld'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Origin } from '#federation/origin.ts'
import { showJoined } from '#broker/show-joined.ts'
import type { Shown } from '#broker/show-joined.ts'
import type { Caller } from '#governance/access.ts'
import { queryMapped } from '#snapshots/query-mapped.ts'
import type { Deps } from '../deps.ts'
import { readCaller } from '../exchange.ts'
import type { MediaType, Parameters } from '../exchange.ts'
import { readMapRequest, sendMapHeader } from './entity-map-header.ts'
import { readOrigin } from './origin.ts'
import { readPage, sendPageHeaders } from './page.ts'
import { readPreference } from './preference.ts'
import type { Preference } from './preference.ts'
import { checkReach, readJoin } from './read-join.ts'
import { readDistribution, readEntityQuery, readOrderBy, refuseTooWide, selectedTypes } from './read-query.ts'
import { readShowing, sendDocument, showEntity, showList, showsAnything } from './represent.ts'

/** Answers Query Entities (CIM 009, 5.7.2), asked by GET or by a Query document with `selectors`. */
export async function answerEntities(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  type: MediaType,
  parameters: Parameters,
  context: Context,
  selectors?: readonly EntitySelector[],
): Promise<FastifyReply> {
  const query = readEntityQuery(parameters, context, selectors)
  refuseTooWide(query, parameters)
  const showing = readShowing(parameters, context, type)
  const join = readJoin(parameters)
  checkReach(join, [showing.pick, showing.omit], query)
  const orderBy = readOrderBy(parameters, context)
  const page = readPage(parameters)
  const caller = readCaller(request)
  const mapRequest = readMapRequest(request, parameters)
  const known = await deps.entityMaps.find(caller, mapRequest.id)
  const origin = readOrigin(request, reply, parameters, context)
  const distribution = readDistribution(parameters, context)
  const read = { query, moment: { kind: 'now' as const }, ...page, ...(orderBy === undefined ? {} : { orderBy }) }
  const result =
    known === undefined
      ? await deps.federation.query(origin, caller, read, distribution)
      : await queryMapped(deps.federation, origin, caller, read, distribution, known)
  if (known !== undefined) await deps.entityMaps.prune(caller, known, query)
  const isMapMade = known === undefined && (mapRequest.isWanted || mapRequest.id !== undefined)
  const map = isMapMade
    ? await deps.entityMaps.keep(caller, await deps.federation.map(origin, caller, query, distribution), mapRequest.lifetime)
    : known
  sendMapHeader(reply, map)
  sendPageHeaders(request, reply, page, type, result, request.method === 'GET' ? 'sorted' : 'as requested')
  const status = map !== undefined && map !== known ? 201 : 200
  return send(request, reply.code(status), type, context, await shownOf(deps, origin, caller, join, result.entities, showing), true)
}

/** Answers Retrieve Entity (5.7.1): one entity, or with flat linked entities the list of all of them. */
export async function answerEntity(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  type: MediaType,
  parameters: Parameters,
  context: Context,
  id: string,
): Promise<FastifyReply> {
  const showing = readShowing(parameters, context, type)
  const join = readJoin(parameters)
  checkReach(join, [showing.pick, showing.omit])
  const caller = readCaller(request)
  const types = selectedTypes(parameters, context)
  const origin = readOrigin(request, reply, parameters, context)
  const entity = await deps.federation.retrieve(origin, caller, id, {
    ...(types === undefined ? {} : { types }),
    ...(showing.attrs === undefined ? {} : { names: [...showing.attrs] }),
  })
  const isShown =
    (types === undefined || types.some((name) => entity.types.includes(name))) &&
    (showing.attrs === undefined || Object.keys(entity.attributes).some((name) => showing.attrs?.has(name))) &&
    showsAnything(entity, showing)
  if (!isShown) throw new NgsiLdError('ResourceNotFound', `Entity ${id} does not exist with what the query asks for`)
  const mapRequest = readMapRequest(request, parameters)
  const known = await deps.entityMaps.find(caller, mapRequest.id)
  const isNew = known === undefined && (mapRequest.isWanted || mapRequest.id !== undefined)
  const made = isNew ? await deps.federation.map(origin, caller, { entities: [{ ids: [id] }] }) : undefined
  sendMapHeader(reply, made === undefined ? known : await deps.entityMaps.keep(caller, made, mapRequest.lifetime))
  const shown = await shownOf(deps, origin, caller, join, [entity], showing)
  // An entity that is linked to none that is there is shown as without a join.
  return send(request, reply, type, context, shown, join?.kind === 'flat' && shown.length > 1)
}

async function shownOf(
  { federation }: Pick<Deps, 'federation'>,
  origin: Origin,
  caller: Caller,
  join: Join | undefined,
  entities: readonly Entity[],
  options: GeoJsonOptions,
): Promise<readonly Shown[]> {
  if (join === undefined) return entities.filter((entity) => showsAnything(entity, options)).map((entity) => ({ entity, options }))
  const joined: Joined = await joinEntities(join, entities, (ids) => federation.lookUp(origin, caller, ids))
  return showJoined(join, entities, joined, options)
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  type: MediaType,
  context: Context,
  shown: readonly Shown[],
  isList: boolean,
): FastifyReply {
  const preference = readPreference(request)
  const older = shown.map((one) => downgrade(one, preference, context))
  if (reply.statusCode === 200 && older.some((one, index) => one !== shown[index])) reply.code(203)
  const withContext = !preference.isPlainBody
  if (isList) return sendDocument(request, reply, type, context, showList(older, context, type, withContext), withContext)
  const [only] = older
  if (only === undefined) throw new Error('The one entity of an answer was lost')
  const options = type === 'application/geo+json' ? { ...only.options, withContext } : only.options
  return sendDocument(request, reply, type, context, showEntity(only.entity, context, type, options), withContext)
}

/** The entity as the version that the caller prefers has it (4.3.6.8); the same object where it is so already. */
function downgrade(shown: Shown, { version }: Preference, context: Context): Shown {
  const entity = version === undefined ? shown.entity : asOfVersion(shown.entity, version, context)
  return entity === shown.entity ? shown : { ...shown, entity }
}
