import type { Context } from '@cityloop/ngsi-ld'

/** The request that is distributed, as far as peers must know of it. */
export type Origin = {
  /** The @context that its names were read with. */
  readonly context: Context
  /** Which context sources it came through (6.3.18), nearest last. */
  readonly via: readonly string[]
  /** Limited to what is here: `local=true`, or about a snapshot (5.5.13). */
  readonly isLocal: boolean
  /** Headers of the request, for `urn:ngsi-ld:request` (4.3.6.5). */
  header(name: string): string | undefined
  /** Takes what is to be said of peers in `NGSILD-Warning` (6.3.17). */
  warn(warning: Warning): void
}

/** Table 6.3.17-1. */
export type Warning = { readonly code: 110 | 111 | 199 | 299; readonly agent: string; readonly text: string }

/** How this broker names a tenant of itself to its peers, in `Via` and in its identity (CIM 009, 5.2.40). */
export function contextSourceAlias(hostAlias: string, tenant: string): string {
  return tenant === '' ? hostAlias : `${hostAlias}~${encodeURIComponent(tenant)}`
}

/** The pseudonyms of a `Via` header (RFC 7230, 5.7.1): of each entry what stands after the protocol's version. */
export function parseVia(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((entry) => entry.replace(/\([^)]*\)/g, '').trim())
    .flatMap((entry) => entry.split(/\s+/).at(-1) ?? [])
    .filter((pseudonym) => pseudonym !== '')
}

export function printVia(via: readonly string[]): string {
  return via.map((pseudonym) => `1.1 ${pseudonym}`).join(', ')
}

export function printWarning({ code, agent, text }: Warning): string {
  return `${code} ${agent} ${JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?'))}`
}
