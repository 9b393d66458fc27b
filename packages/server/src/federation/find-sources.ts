import type { EntitySelector, Iri } from '@cityloop/ngsi-ld'
import { matchingInformation } from './match-registration.ts'
import type { Interest } from './match-registration.ts'
import type { Registrations } from './open-registrations.ts'
import type { Origin } from './origin.ts'
import type { Peers } from './peer.ts'
import type { Registration, RegistrationInfo } from './registration.ts'

/** A registration that concerns a request, with the parts of it that do. */
export type Source = {
  readonly registration: Registration
  readonly information: readonly RegistrationInfo[]
  /** The request came through it already, so that it must not go there again (4.3.6.4). */
  readonly isLooping: boolean
}

/** The sources that a request concerns (CIM 009, 5.12), by id of their registrations, so that the order is always the same. */
export function findSources(
  { registrations, peers }: { readonly registrations: Registrations; readonly peers: Peers },
  tenant: string,
  origin: Origin,
  interest: Interest,
): readonly Source[] {
  if (origin.isLocal || !registrations.has(tenant)) return []
  const sources: Source[] = []
  for (const registration of registrations.candidates(tenant, typesOf(interest.selectors))) {
    const information = matchingInformation(registration, interest)
    if (information.length > 0) sources.push({ registration, information, isLooping: peers.isLoop(registration, origin) })
  }
  return sources.toSorted((a, b) => (a.registration.id < b.registration.id ? -1 : 1))
}

/** All types that the selectors name; `undefined` where one of them names none. */
function typesOf(selectors: readonly EntitySelector[] | undefined): readonly Iri[] | undefined {
  if (selectors === undefined) return undefined
  const types: Iri[] = []
  for (const selector of selectors) {
    if (selector.types?.kind !== 'anyOf') return undefined
    types.push(...selector.types.alternatives.flatMap((all) => all.map(({ expanded }) => expanded)))
  }
  return types
}
