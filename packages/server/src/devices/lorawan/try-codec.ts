import { badRequest, isJsonObject, writeEntity } from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Clock } from '#runtime/clock.ts'
import type { EvaluateExpression } from '../expressions.ts'
import { parseDevice } from '../provisioning.ts'
import type { Registry } from '../registry.ts'
import { Untakeable } from '../read-payload.ts'
import { toEntity } from '../to-entity.ts'
import type { Codecs } from './codecs.ts'
import { parseHex } from './codecs.ts'
import { toMeasure } from './decode-uplink.ts'

/** What came of a trial: the fields and the entity, in simplified form, or the rule that refuses. */
export type Trial =
  | { readonly fields: JsonObject; readonly warnings: readonly string[]; readonly entity: JsonObject }
  | { readonly fields?: JsonObject; readonly refused: { readonly rule: string; readonly detail: string } }

/** Takes `{ hex, fPort?, codec | source, device? | apikey? | type? }`. Throws `BadRequestData`, or `ResourceNotFound` for a codec that is not kept. */
export type TryCodec = (tenant: string, document: unknown) => Promise<Trial>

export type TrialDeps = {
  readonly clock: Clock
  readonly codecs: Codecs
  readonly context: Context
  readonly evaluate: EvaluateExpression
  readonly registry: Registry
}

/** Makes the trial: the same reading and mapping as an uplink's, without a write. */
export function createTrial({ clock, codecs, context, evaluate, registry }: TrialDeps): TryCodec {
  return async (tenant, document) => {
    if (!isJsonObject(document)) throw badRequest('The body must be an object')
    const { codec, fPort = 1, hex, source } = document
    if (typeof fPort !== 'number') throw badRequest(`fPort must be a number, not ${JSON.stringify(fPort)}`)
    const bytes = parseHex(hex)
    const result = await codecs.run(codeOf(tenant, codec, source), { bytes, fPort })
    if (result.kind === 'failed') return { refused: { rule: result.rule, detail: result.detail } }
    const { fields, warnings } = result
    try {
      const { device, group } = deviceOf(tenant, document)
      const entity = toEntity(device, group, toMeasure(fields, undefined), clock.now(), context, evaluate)
      return { fields, warnings, entity: writeEntity(entity, context, { format: 'simplified' }) }
    } catch (error) {
      if (!(error instanceof Untakeable)) throw error
      return { fields, refused: { rule: error.rule, detail: error.message } }
    }
  }

  function codeOf(tenant: string, codec: Json | undefined, source: Json | undefined): string {
    if (typeof source === 'string') return source
    if (typeof codec === 'string') return codecs.get(tenant, codec).source
    throw badRequest('codec (the name of one that is kept) or source (its code) must be given')
  }

  function deviceOf(
    tenant: string,
    { apikey, device: id, type }: JsonObject,
  ): { device: ReturnType<typeof parseDevice>; group: ReturnType<Registry['findGroup']> } {
    const known = typeof id === 'string' ? registry.devices(tenant).find(({ deviceId }) => deviceId === id) : undefined
    const key = known?.apiKey ?? (typeof apikey === 'string' ? apikey : undefined)
    const group = key === undefined ? undefined : registry.findGroup(key)
    const own = group?.tenant === tenant ? group : undefined
    const entityType = typeof type === 'string' ? type : (own?.entityType ?? 'Thing')
    return { device: known ?? parseDevice({ device_id: typeof id === 'string' ? id : 'tried', entity_type: entityType }, tenant, '/'), group: own }
  }
}
