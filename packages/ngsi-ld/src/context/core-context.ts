import type { Json, JsonObject } from '../json.ts'
import { corePrefixes, coreTerms, defaultVocab } from './core-terms.ts'

/** The IRI of the core context that answers name (CIM 009 v1.9.1, 4.4). */
export const coreContextIri = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'

const versioned = /^https?:\/\/uri\.etsi\.org\/ngsi-ld\/v1\/ngsi-ld-core-context(?:-v1\.[0-9])?\.jsonld$/

/** Where drafts and early releases of the standard kept the core context. */
const legacy: ReadonlySet<string> = new Set([
  'https://uri.etsi.org/ngsi-ld/coreContext/ngsi-ld-core-context.jsonld',
  'https://forge.etsi.org/gitlab/NGSI-LD/NGSI-LD/raw/master/coreContext/ngsi-ld-core-context.jsonld',
  'https://forge.etsi.org/rep/NGSI-LD/NGSI-LD/raw/master/coreContext/ngsi-ld-core-context.jsonld',
])

/** Whether the IRI names the core context in one of its versions; those are built in and never loaded. */
export function isCoreContextIri(iri: string): boolean {
  return versioned.test(iri) || legacy.has(iri)
}

/** The core context as a JSON-LD document, to be served where the core's IRI is asked for. */
export function coreContextDocument(): JsonObject {
  const terms = [...coreTerms].map(([term, { iri, type, container }]): [string, Json] => {
    if (type === undefined && container === undefined) return [term, iri]
    return [term, { '@id': iri, ...(type !== undefined && { '@type': type }), ...(container !== undefined && { '@container': container }) }]
  })
  return {
    '@context': {
      '@version': 1.1,
      '@protected': true,
      ...Object.fromEntries(corePrefixes),
      id: '@id',
      type: '@type',
      ...Object.fromEntries(terms),
      '@vocab': defaultVocab,
    },
  }
}
