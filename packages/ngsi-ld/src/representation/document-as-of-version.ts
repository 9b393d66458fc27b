import { ngsiLdNull } from '../entity/entity.ts'
import type { AttributeKind } from '../entity/entity.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { kindSince, memberSince, newestVersion, olderKind } from './as-of-version.ts'
import { findKind, isAttributeMember, kindMembers, kindOfMember } from './attribute-kinds.ts'

/**
 * A document of an entity, or a fragment of one, as version 1.`minor` of the standard knows entities (CIM 009, 4.3.6.8). Unlike `asOfVersion` it keeps what is
 * not stated, and NGSI-LD null: it is for what is passed on to be written elsewhere. The document has been read before, so it has no faults.
 */
export function documentAsOfVersion(document: JsonObject, minor: number): JsonObject {
  if (minor >= newestVersion) return document
  const shown = Object.entries(document).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    if (name === 'expiresAt' || (name === 'scope' && minor < 4)) return []
    if (name === 'type' || name === '@type') return [[name, minor < 3 && Array.isArray(value) ? ((value as readonly Json[])[0] ?? value) : value]]
    return [[name, attributeAsOfVersion(value, minor)]]
  })
  return Object.fromEntries(shown)
}

/** The same of what stands for one attribute: an instance, a fragment of one, or several. */
export function attributeAsOfVersion(value: Json, minor: number): Json {
  if (minor >= newestVersion) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => attributeAsOfVersion(item, minor))
  return isJsonObject(value) && Object.keys(value).some(isReifying) ? instanceAsOfVersion(value, minor) : value
}

function isReifying(member: string): boolean {
  return member === 'type' || isAttributeMember(member)
}

function instanceAsOfVersion(instance: JsonObject, minor: number): JsonObject {
  const late = new Set<string>(memberSince.flatMap(([member, since]) => (minor < since ? [member] : [])))
  const shown = Object.entries(instance).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    if (late.has(name)) return []
    const kind = name === 'type' ? findKind(value) : kindOfMember.get(name)
    if (kind !== undefined && minor < kindSince[kind]) {
      const older = olderKind(kind)
      return [name === 'type' ? [name, older] : [kindMembers[older].value, olderValue(kind, value)]]
    }
    return [[name, isReifying(name) ? value : attributeAsOfVersion(value, minor)]]
  })
  return Object.fromEntries(shown)
}

/** The value as one of a Property or a Relationship; what stands for NGSI-LD null does so there too. */
function olderValue(kind: AttributeKind, value: Json): Json {
  if (kind === 'LanguageProperty') return isJsonObject(value) && value['@none'] === ngsiLdNull ? ngsiLdNull : value
  if ((kind !== 'ListProperty' && kind !== 'ListRelationship') || !Array.isArray(value)) return value
  const objects = (value as readonly Json[]).map((item) => (kind === 'ListRelationship' && isJsonObject(item) ? (item['object'] ?? item) : item))
  return objects.length === 1 && objects[0] === ngsiLdNull ? ngsiLdNull : objects
}
