import { readJson } from '../api/client.ts'
import type { EntityDocument } from '../api/entity.ts'
import { timeQuery } from '../api/time-choice.ts'
import type { TimeChoice } from '../api/time-choice.ts'
import { LayerRows } from './layer-rows.ts'
import type { MapAnswer } from './layer-rows.ts'
import { numericAttributes } from './numeric-attributes.ts'

const sampleSize = 20

/** Reads the rows of a layer at a moment, coloured by this attribute, or by the one the server puts first of those that are there. */
export async function readLayer(
  tenant: string | null,
  type: string,
  chosen: string | null,
  time: TimeChoice,
  language: string,
  signal: AbortSignal,
): Promise<LayerRows> {
  const moment = timeQuery(time)
  const few = new URLSearchParams({ type, limit: String(sampleSize), ...moment })
  const path = time.mode === 'live' ? '/ngsi-ld/v1/entities' : '/api/entities'
  const readMap = async (attribute: string | null): Promise<MapAnswer> => {
    const query = new URLSearchParams({ type, ...(attribute === null ? {} : { attribute }), ...moment })
    return (await readJson<MapAnswer>(`/api/map?${query}`, { tenant, signal })).body
  }
  const [first, entities] = await Promise.all([readMap(chosen), readJson<readonly EntityDocument[]>(`${path}?${few}`, { tenant, signal })])
  const numeric = numericAttributes(entities.body)
  const attribute = chosen ?? first.attributes.find((name) => numeric.includes(name)) ?? numeric[0] ?? null
  // Asked without an attribute, the server takes for each entity the first it has; colours must all mean the same one.
  const answer = attribute !== null && attribute !== chosen ? await readMap(attribute) : first
  const attributes = attribute === null || numeric.includes(attribute) ? numeric : [attribute, ...numeric]
  return new LayerRows({ ...answer, attributes }, attribute, language)
}
