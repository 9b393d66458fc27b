import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Attributes, Iri } from '../entity/entity.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { setMember } from './members.ts'

/**
 * An attribute instance of a merge fragment as it is where there is nothing to merge it into (5.5.12): what NGSI-LD null removes is not there. `undefined`
 * for one that is removed itself or has no value.
 */
export function withoutNulls(attribute: Attribute): Attribute | undefined {
  const stated: Json | undefined = attribute.value
  if (stated === undefined || stated === ngsiLdNull) return undefined
  const kept: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(attribute)) if (value !== ngsiLdNull && member !== 'sub') kept[member] = value
  kept['value'] = attribute.kind === 'JsonProperty' ? stated : valueWithoutNulls(stated)
  const sub = attribute.sub === undefined ? undefined : attributesWithoutNulls(attribute.sub)
  return (sub === undefined ? kept : { ...kept, sub }) as Attribute
}

function attributesWithoutNulls(attributes: Attributes): Attributes | undefined {
  const kept: Record<Iri, readonly Attribute[]> = {}
  for (const [name, instances] of Object.entries(attributes)) {
    const left = instances.flatMap((instance) => withoutNulls(instance) ?? [])
    if (left.length > 0) kept[name] = left
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** RFC 7396: members of objects go, items of arrays stay. */
function valueWithoutNulls(value: Json): Json {
  if (!isJsonObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [name, part] of Object.entries(value)) if (part !== ngsiLdNull) setMember(kept, name, valueWithoutNulls(part))
  return kept
}
