import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute, Attributes } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { AttributeFragment } from './command.ts'

/** 5.5.8: the fragment's members replace those of the instance; a sub-attribute of value NGSI-LD null goes. */
export function patchAttribute(instance: Attribute, fragment: AttributeFragment): Attribute {
  return withoutNulls({ ...instance, ...defined(fragment), sub: patchSub(instance.sub, fragment.sub) })
}

/**
 * 5.5.12: a JSON merge (RFC 7396) to any depth, in which NGSI-LD null removes. The kind of the instance stays where the fragment only gives a simplified
 * value; `lang` names the language that a plain string of a LanguageProperty is in.
 */
export function mergeAttribute(instance: Attribute, fragment: Attribute, lang?: string): Attribute {
  const { value, kind } = mergedValue(instance, fragment, lang)
  return withoutNulls({ ...instance, ...defined(fragment), kind, value, sub: mergeSub(instance.sub, fragment.sub) })
}

function mergedValue(instance: Attribute, fragment: Attribute, lang: string | undefined): Pick<Attribute, 'kind' | 'value'> {
  const stated: Json | undefined = fragment.value
  if (stated === undefined) return { kind: instance.kind, value: instance.value }
  if (instance.kind === fragment.kind) return { kind: instance.kind, value: mergeJson(instance.value, fragment.value) }
  if (fragment.kind !== 'Property') return { kind: fragment.kind, value: fragment.value }
  if (instance.kind === 'LanguageProperty' && typeof fragment.value === 'string') {
    return { kind: instance.kind, value: mergeJson(instance.value, { [lang ?? '@none']: fragment.value }) }
  }
  return { kind: instance.kind, value: mergeJson(instance.value, fragment.value) }
}

function mergeJson(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const merged = new Map<string, Json>(isJsonObject(target) ? Object.entries(target) : [])
  for (const [name, part] of Object.entries(patch)) {
    if (part === ngsiLdNull) merged.delete(name)
    else merged.set(name, mergeJson(merged.get(name) ?? null, part))
  }
  return Object.fromEntries<Json>(merged)
}

function patchSub(sub: Attributes | undefined, patch: Attributes | undefined): Attributes | undefined {
  return changeSub(sub, patch, (_, after) => after)
}

function mergeSub(sub: Attributes | undefined, patch: Attributes | undefined): Attributes | undefined {
  return changeSub(sub, patch, (before, after) => mergeAttribute(before, after))
}

function changeSub(
  sub: Attributes | undefined,
  patch: Attributes | undefined,
  join: (before: Attribute, after: Attribute) => Attribute,
): Attributes | undefined {
  if (patch === undefined) return sub
  const changed: Record<string, readonly Attribute[]> = { ...sub }
  for (const [name, fragments] of Object.entries(patch)) {
    let instances = changed[name] ?? []
    for (const fragment of fragments) {
      const before = instances.find((instance) => instance.datasetId === fragment.datasetId)
      const others = instances.filter((instance) => instance !== before)
      if (fragment.value === ngsiLdNull) instances = others
      else instances = [...others, before === undefined ? fragment : join(before, fragment)]
    }
    if (instances.length === 0) delete changed[name]
    else changed[name] = instances
  }
  return Object.keys(changed).length === 0 ? undefined : changed
}

/** What the fragment states; a member that is absent leaves the instance's. */
function defined(fragment: AttributeFragment): AttributeFragment {
  return Object.fromEntries(Object.entries(fragment).filter(([, value]) => value !== undefined))
}

/** Without members that are absent or that the fragment set to NGSI-LD null. */
function withoutNulls(attribute: Attribute): Attribute {
  const kept = Object.entries(attribute).filter(([name, value]) => value !== undefined && (name === 'value' || value !== ngsiLdNull))
  return Object.fromEntries(kept) as Attribute
}
