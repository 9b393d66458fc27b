import { badRequest } from '../errors.ts'
import type { Iri } from '../entity/entity.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { coreContextIri, isCoreContextIri } from './core-context.ts'
import { corePrefixes, coreTerms, defaultVocab } from './core-terms.ts'
import type { TermDefinition } from './core-terms.ts'

/**
 * A compiled @context: the user's terms with the core's over them, which are protected and last (4.4). Expanding and compacting only look up.
 * The core's `@vocab` holds for every name, as its last place in JSON-LD gives it; a user's `@vocab` only serves the definitions beside it.
 */
export type Context = {
  /** The user's @context as stated, without the core; absent where only the core holds. */
  readonly document?: Json
  /** The user's terms that the core does not define. */
  readonly terms: ReadonlyMap<string, TermDefinition>
  /** By term, core's included, its IRI or keyword; empty for a term that stands for nothing. */
  readonly iris: ReadonlyMap<string, string>
  /** By IRI the term to write it as. */
  readonly names: ReadonlyMap<Iri, string>
  /** By prefix its namespace. */
  readonly prefixes: ReadonlyMap<string, string>
  /** Namespace and prefix, longest namespace first. */
  readonly namespaces: readonly (readonly [namespace: string, prefix: string])[]
}

/** The context of a request that states none (5.5.5). */
export const coreContext: Context = contextOf(undefined, new Map(), new Map())

/**
 * The IRI that a term, a prefixed name or an IRI stands for; a term that nobody defines is one of the default vocabulary. `@id`, `@type` and other keywords
 * stay. Throws `BadRequestData` for a term that the context maps to nothing.
 */
export function expandTerm(context: Context, term: string): Iri {
  const iri = context.iris.get(term)
  if (iri !== undefined) {
    if (iri === '') throw badRequest(`The @context maps ${term} to null, so it has no IRI`)
    return iri
  }
  const colon = term.indexOf(':')
  if (colon < 0) return term.startsWith('@') ? term : defaultVocab + term
  const namespace = context.prefixes.get(term.slice(0, colon))
  return namespace === undefined || term.startsWith('//', colon + 1) ? term : namespace + term.slice(colon + 1)
}

/** The shortest that expands to the IRI: a term, the user's before the core's; a name of the default vocabulary; a prefixed name; or the IRI itself (5.5.7). */
export function compactIri(context: Context, iri: Iri): string {
  const term = context.names.get(iri)
  if (term !== undefined) return term
  if (iri.startsWith(defaultVocab)) {
    const name = iri.slice(defaultVocab.length)
    if (name !== '' && !name.startsWith('@') && !name.includes(':') && !context.iris.has(name)) return name
  }
  for (const [namespace, prefix] of context.namespaces) {
    if (iri.length > namespace.length && iri.startsWith(namespace)) {
      const rest = iri.slice(namespace.length)
      const name = `${prefix}:${rest}`
      if (!rest.startsWith('//') && !context.iris.has(name)) return name
    }
  }
  return iri
}

/** What a `VocabProperty` states, type-coerced to IRIs (4.5.20). */
export function expandVocab(context: Context, vocab: string | readonly string[]): Iri | Iri[] {
  return typeof vocab === 'string' ? expandTerm(context, vocab) : vocab.map((term) => expandTerm(context, term))
}

/** The `@context` member of an answer: the user's own as it was stated, or the core where only that holds (5.2.3). The core is always over it (4.4). */
export function contextMember(context: Context): Json {
  return context.document ?? coreContextIri
}

/** The document, or each of a list of them, with the `@context` inside; one that has its own keeps it. */
export function withContext(document: Json, context: Context): Json {
  if (Array.isArray(document)) return (document as readonly Json[]).map((item) => withContext(item, context))
  return isJsonObject(document) && !Object.hasOwn(document, '@context') ? { ...document, '@context': contextMember(context) } : document
}

/** Puts the core over the user's definitions; `terms` may redefine core terms, which then does not count. */
export function contextOf(
  document: Json | undefined,
  terms: ReadonlyMap<string, TermDefinition | null>,
  prefixes: ReadonlyMap<string, string>,
): Context {
  const own = new Map<string, TermDefinition>()
  const iris = new Map<string, string>()
  const names = new Map<Iri, string>()
  for (const [term, definition] of terms) {
    if (isOfTheCore(term)) continue
    iris.set(term, definition?.iri ?? '')
    if (definition === null) continue
    own.set(term, definition)
    const other = names.get(definition.iri)
    if (!definition.iri.startsWith('@') && (other === undefined || isBetter(term, other))) names.set(definition.iri, term)
  }
  for (const [term, { iri }] of coreTerms) {
    iris.set(term, iri)
    if (!names.has(iri)) names.set(iri, term)
  }
  iris.set('id', '@id').set('type', '@type')
  for (const [prefix, namespace] of corePrefixes) iris.set(prefix, namespace)
  const allPrefixes = new Map([...[...prefixes].filter(([prefix]) => !isOfTheCore(prefix)), ...corePrefixes])
  const namespaces = [...allPrefixes]
    .map(([prefix, namespace]) => [namespace, prefix] as const)
    .sort(([a, p], [b, q]) => b.length - a.length || (isBetter(p, q) ? -1 : 1))
  return { ...(document !== undefined && { document }), terms: own, iris, names, prefixes: allPrefixes, namespaces }
}

/** The user's part of a stated @context: without the core's IRIs, flattened where one part stays; `undefined` where none does. */
export function userPart(document: Json): Json | undefined {
  const parts = (Array.isArray(document) ? (document as readonly Json[]) : [document]).filter(
    (part) => part !== null && !(typeof part === 'string' && isCoreContextIri(part)),
  )
  return parts.length > 1 ? parts : parts[0]
}

function isOfTheCore(term: string): boolean {
  return coreTerms.has(term) || corePrefixes.has(term) || term === 'id' || term === 'type'
}

/** JSON-LD 1.1, 6.3: of several terms for one IRI the shortest, of those the least. */
function isBetter(term: string, other: string): boolean {
  return term.length === other.length ? term < other : term.length < other.length
}
