import { compactIri, formatInstant } from '@cityloop/ngsi-ld'
import type { Context, Json, JsonObject } from '@cityloop/ngsi-ld'
import { matchingInformation } from './match-registration.ts'
import type { Interest } from './match-registration.ts'
import type { RegistrationView } from './open-registrations.ts'
import { compactRegistration } from './parse-registration.ts'

export type RegistrationShowing = {
  readonly sysAttrs?: boolean
  /** Only the information that is relevant for it is shown (5.10.2.5). */
  readonly interest?: Interest
  /** Shows the types of entities as lists, also where there is one (5.2.8), as notifications do. */
  readonly hasTypeLists?: boolean
}

/** A registration as callers with that @context read it (5.2.9). */
export function showRegistration(view: RegistrationView, context: Context, options: RegistrationShowing = {}): JsonObject {
  const { contact, createdAt, document, id, modifiedAt, registration } = view
  const { interest } = options
  const relevant = interest === undefined ? registration.information : matchingInformation(registration, interest)
  const information = (document['information'] as readonly Json[]).filter((_, index) => {
    const info = registration.information[index]
    return info !== undefined && (relevant.length === 0 || relevant.includes(info))
  })
  const shown: Record<string, Json> = {
    id,
    type: 'ContextSourceRegistration',
    ...withTypes(compactRegistration({ ...document, information }, context), options.hasTypeLists === true),
    mode: registration.mode,
  }
  if (options.sysAttrs === true) {
    shown['createdAt'] = formatInstant(createdAt)
    shown['modifiedAt'] = formatInstant(modifiedAt)
  }
  if (contact !== undefined) {
    const { lastFailure, lastSuccess, timesFailed, timesSent } = contact
    shown['status'] = (lastFailure ?? -1) > (lastSuccess ?? 0) ? 'failed' : 'ok'
    shown['timesSent'] = timesSent
    shown['timesFailed'] = timesFailed
    if (lastSuccess !== undefined) shown['lastSuccess'] = formatInstant(lastSuccess)
    if (lastFailure !== undefined) shown['lastFailure'] = formatInstant(lastFailure)
  }
  return shown
}

function withTypes(document: JsonObject, isListed: boolean): JsonObject {
  if (!isListed) return document
  const information = (document['information'] as readonly JsonObject[]).map((info) => {
    const entities = info['entities'] as readonly JsonObject[] | undefined
    return entities === undefined ? info : { ...info, entities: entities.map((entity) => ({ ...entity, type: [entity['type'] ?? []].flat() })) }
  })
  return { ...document, information }
}

/** The members that `pick` and `omit` leave, by their names as they are shown. */
export function projectRegistration(
  shown: JsonObject,
  context: Context,
  pick: ReadonlySet<string> | undefined,
  omit: ReadonlySet<string> | undefined,
): JsonObject {
  const names = (set: ReadonlySet<string>): ReadonlySet<string> => new Set([...set].map((name) => compactIri(context, name)))
  const [picked, omitted] = [pick === undefined ? undefined : names(pick), omit === undefined ? undefined : names(omit)]
  return Object.fromEntries(
    Object.entries(shown).filter(([name]) => name === '@context' || ((picked?.has(name) ?? true) && omitted?.has(name) !== true)),
  )
}
