import type { Json } from '../json.ts'
import { isJsonObject } from '../json.ts'

/** JSON with the members of every object in the order of their names' UTF-16 units (RFC 8785): the same text for equal values. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`)
  return `{${members.join(',')}}`
}
