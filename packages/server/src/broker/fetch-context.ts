import { NgsiLdError, badRequest } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialler } from '#runtime/dialler.ts'

const mostBytes = 4 * 1024 * 1024
const timeoutMs = 5000
const defaultAgeS = 24 * 3600
const leastAgeS = 60

/** A fetched document, and for how many seconds it holds. */
export type FetchedContext = { readonly document: Json; readonly ageS: number }

export type FetchContext = (iri: string) => Promise<FetchedContext>

/** Fetches @contexts: from an operator's directory with its `index.json`, where that has the IRI, else from the network. Throws `LdContextNotAvailable`, or `BadRequestData` for what is not JSON. */
export function createContextFetcher(dialler: Pick<Dialler, 'call'>, directory: string | undefined): FetchContext {
  const preloaded = directory === undefined ? new Map<string, Json>() : readDirectory(directory)
  return async (iri) => {
    const document = preloaded.get(iri)
    return document === undefined ? fetchContext(dialler, iri) : { document, ageS: defaultAgeS }
  }
}

async function fetchContext(dialler: Pick<Dialler, 'call'>, iri: string): Promise<FetchedContext> {
  try {
    const reply = await dialler.call(iri, { method: 'GET', headers: { accept: 'application/ld+json, application/json' }, timeoutMs, mostBytes })
    if (reply.status !== 200) throw notAvailable(iri, `its server answered ${reply.status}`)
    return { document: JSON.parse(reply.body) as Json, ageS: ageOf(reply.headers) }
  } catch (error) {
    // 5.5.6: what was had and is no @context is the fault of who named it.
    if (error instanceof SyntaxError) throw badRequest(`The @context ${iri} is not JSON`, error)
    if (error instanceof NgsiLdError && error.type !== 'Unavailable') throw error
    throw notAvailable(iri, error instanceof Error ? error.message : String(error), error)
  }
}

function notAvailable(iri: string, why: string, cause?: unknown): NgsiLdError {
  return new NgsiLdError('LdContextNotAvailable', `The @context ${iri} could not be had: ${why}`, cause === undefined ? undefined : { cause })
}

/**
 * What the server says of how long its document holds (RFC 9111, which prefers `s-maxage` to `max-age`, and either to `Expires`), at least a minute, since every
 * request would fetch it otherwise.
 */
function ageOf(headers: Readonly<Record<string, string>>): number {
  const control = headers['cache-control'] ?? ''
  const stated = (/(?:^|[\s,])s-maxage="?(\d{1,9})/i.exec(control) ?? /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(control))?.[1]
  if (stated !== undefined) return Math.max(leastAgeS, Number(stated))
  if (/(?:^|[\s,])no-(?:store|cache)/i.test(control)) return leastAgeS
  const expires = headers['expires']
  if (expires === undefined) return defaultAgeS
  const ageS = (Date.parse(expires) - Date.parse(headers['date'] ?? '')) / 1000
  // A date that is none, such as 0, says that it has expired.
  return Number.isNaN(ageS) ? leastAgeS : Math.max(leastAgeS, Math.floor(ageS))
}

function readDirectory(directory: string): Map<string, Json> {
  const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as Record<string, string>
  return new Map(Object.entries(index).map(([iri, file]) => [iri, JSON.parse(readFileSync(join(directory, file), 'utf8')) as Json]))
}
