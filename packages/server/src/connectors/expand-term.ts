import { coreContext, expandTerm as expandInCore } from '@cityloop/ngsi-ld'
import { cityloopTerms } from '#runtime/cityloop-terms.ts'

/** The IRI of a short name: that of the context `cityloop`, else of the NGSI-LD core context, else one in the default context. IRIs stay as they are. */
export function expandTerm(term: string): string {
  if (Object.hasOwn(cityloopTerms, term)) return cityloopTerms[term] as string
  return term.includes(':') ? term : expandInCore(coreContext, term)
}
