import { cityloopTerms } from '#runtime/cityloop-terms.ts'

/** The IRI of a short name: that of the context `cityloop`, else of the NGSI-LD core context, else one in the default context. IRIs stay as they are. */
export function expandTerm(term: string): string {
  if (term.includes(':')) return term
  if (Object.hasOwn(cityloopTerms, term)) return cityloopTerms[term] as string
  if (Object.hasOwn(coreAttributes, term)) return coreAttributes[term] as string
  return `https://uri.etsi.org/ngsi-ld/default-context/${term}`
}

/** The attribute names that mappings use and the core context defines (CIM 009, annex B). */
const coreAttributes: Readonly<Record<string, string>> = {
  location: 'https://uri.etsi.org/ngsi-ld/location',
  observationSpace: 'https://uri.etsi.org/ngsi-ld/observationSpace',
  operationSpace: 'https://uri.etsi.org/ngsi-ld/operationSpace',
  status: 'https://uri.etsi.org/ngsi-ld/status',
  description: 'http://purl.org/dc/terms/description',
  title: 'http://purl.org/dc/terms/title',
}
