import type { EntitySelector, Iri } from '@cityloop/ngsi-ld'
import { findSources } from './find-sources.ts'
import type { Source } from './find-sources.ts'
import { hasName } from './match-registration.ts'
import type { Registrations } from './open-registrations.ts'
import type { Origin } from './origin.ts'
import type { Peers } from './peer.ts'
import type { RegistrationInfo } from './registration.ts'

/** What a write is about: of an entity the attributes `names`, or all of it. */
export type Target = {
  readonly id: string
  /** What is known of its types. */
  readonly types: readonly Iri[] | undefined
  readonly names: readonly Iri[] | 'all'
  /** Temporal evolutions may be written to sources of the past too. */
  readonly isTemporal?: boolean
}

/** A source and what of the write is for it. */
export type Share = { readonly source: Source; readonly names: readonly Iri[] | 'all' }

/** How a write is divided (5.6.1.4 and its like): what goes to whom, and what is left for here; `none`: sources hold all of it. */
export type WritePlan = { readonly shares: readonly Share[]; readonly local: readonly Iri[] | 'all' | 'none'; readonly isProxied: boolean }

type PlanDeps = { readonly registrations: Registrations; readonly peers: Peers }

/** Divides a write: exclusive sources take their attributes, then redirects theirs, inclusive ones get what remains, as does this broker. */
export function planWrite(deps: PlanDeps, tenant: string, origin: Origin, { id, isTemporal, names, types }: Target): WritePlan {
  const selector: EntitySelector = {
    ids: [id],
    ...(types === undefined || types.length === 0
      ? {}
      : { types: { kind: 'anyOf', alternatives: types.map((type) => [{ written: type, expanded: type }]) } }),
  }
  const named = names === 'all' || names.length === 0 ? {} : { names }
  const sources = findSources(deps, tenant, origin, { selectors: [selector], ...(isTemporal === true ? {} : { time: 'latest' as const }), ...named })
  const shares: Share[] = []
  let rest = names
  for (const mode of ['exclusive', 'redirect', 'inclusive'] as const) {
    const taken = new Set<Iri>()
    const before = rest
    for (const source of sources) {
      if (source.registration.mode !== mode) continue
      // A source that the request came through is none; for a proxied one there is then nobody else, which is a failure to tell.
      if (mode === 'inclusive' && source.isLooping) continue
      const share = shareOf(source.information, before)
      if (share === undefined) continue
      shares.push({ source, names: share })
      if (share !== 'all') for (const name of share) taken.add(name)
    }
    if (mode !== 'inclusive' && rest !== 'all') rest = rest.filter((name) => !taken.has(name))
  }
  const isProxied = shares.some(({ source }) => source.registration.mode !== 'inclusive')
  const isTaken = isProxied && rest !== 'all' && rest.length === 0
  return { shares, local: isTaken ? 'none' : rest, isProxied }
}

/** What of the names a source offers; `undefined`: nothing. A write without attributes concerns whoever has the entity. */
function shareOf(information: readonly RegistrationInfo[], names: readonly Iri[] | 'all'): readonly Iri[] | 'all' | undefined {
  if (names === 'all') return 'all'
  if (names.length === 0) return information.some((info) => info.names === undefined) ? [] : undefined
  const offered = names.filter((name) => information.some((info) => hasName(info, name)))
  return offered.length === 0 ? undefined : offered
}
