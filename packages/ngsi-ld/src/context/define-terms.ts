import { badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { corePrefixes, defaultVocab } from './core-terms.ts'
import type { TermDefinition } from './core-terms.ts'
import { isIri } from './iri.ts'

/** The terms that a context's documents define, one over the other in their order. */
export type Definitions = {
  readonly terms: Map<string, TermDefinition | null>
  readonly prefixes: Map<string, string>
  vocab: string | undefined
  room: { terms: number; characters: number }
  readonly reset: () => void
}

export function openDefinitions(walls: { readonly terms: number; readonly characters: number }): Definitions {
  const terms = new Map<string, TermDefinition | null>()
  const prefixes = new Map<string, string>()
  const definitions: Definitions = {
    terms,
    prefixes,
    vocab: undefined,
    room: { terms: walls.terms, characters: walls.characters },
    reset: () => {
      terms.clear()
      prefixes.clear()
      definitions.vocab = undefined
    },
  }
  return definitions
}

/** Adds the terms of one local context (JSON-LD 1.1 API, 4.1 and 4.2). Throws `BadRequestData`, naming the term. */
export function defineTerms(definitions: Definitions, local: JsonObject): void {
  checkKeywords(local)
  if (Object.hasOwn(local, '@vocab')) definitions.vocab = vocabOf(definitions, local['@vocab'])
  const states = new Map<string, 'open' | 'done'>()
  for (const term of Object.keys(local)) if (!term.startsWith('@')) defineTerm(definitions, local, term, states, 0)
}

const maxAliasDepth = 64
const typeKeywords: ReadonlySet<string> = new Set(['@id', '@vocab', '@json', '@none', '@list'])
const containers: ReadonlySet<string> = new Set(['@list', '@set', '@index', '@language', '@id', '@graph', '@type'])
const members: ReadonlySet<string> = new Set([
  '@id',
  '@type',
  '@container',
  '@language',
  '@direction',
  '@index',
  '@prefix',
  '@protected',
  '@propagate',
  '@nest',
])

function checkKeywords(local: JsonObject): void {
  for (const [keyword, value] of Object.entries(local)) {
    switch (keyword) {
      case '@version':
        if (value !== 1.1 && value !== '1.1') throw badRequest('@version in the @context must be 1.1')
        break
      case '@base':
      case '@language':
      case '@direction':
        if (value !== null && typeof value !== 'string') throw badRequest(`${keyword} in the @context must be a string or null`)
        break
      case '@protected':
      case '@propagate':
        if (typeof value !== 'boolean') throw badRequest(`${keyword} in the @context must be true or false`)
    }
  }
}

function vocabOf(definitions: Definitions, value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value !== 'string') throw badRequest('@vocab in the @context must be an IRI or null')
  if (value === '') return definitions.vocab ?? defaultVocab
  const iri = prefixed(definitions, value) ?? definitions.terms.get(value)?.iri ?? value
  if (!isNamespace(iri)) throw badRequest(`@vocab in the @context must be an absolute IRI, not ${value.slice(0, 200)}`)
  return iri
}

function defineTerm(definitions: Definitions, local: JsonObject, term: string, states: Map<string, 'open' | 'done'>, depth: number): void {
  const state = states.get(term)
  if (state === 'done') return
  if (state === 'open' || depth > maxAliasDepth) throw badRequest(`The @context defines ${name(term)} through itself`)
  states.set(term, 'open')
  if (term === '') throw badRequest('The @context defines an empty term')
  const value = local[term]
  const definition = value === null ? null : definitionOf(definitions, local, term, value, states, depth)
  definitions.room.terms -= 1
  definitions.room.characters -= term.length + (definition?.iri.length ?? 0)
  if (definitions.room.terms < 0 || definitions.room.characters < 0) throw badRequest('The @context defines more terms than are allowed')
  definitions.terms.set(term, definition)
  if (definition !== null && mayBePrefix(term, value, definition.iri)) definitions.prefixes.set(term, definition.iri)
  else definitions.prefixes.delete(term)
  states.set(term, 'done')
}

function definitionOf(
  definitions: Definitions,
  local: JsonObject,
  term: string,
  value: Json | undefined,
  states: Map<string, 'open' | 'done'>,
  depth: number,
): TermDefinition | null {
  const stated = typeof value === 'string' ? { '@id': value } : value
  if (!isJsonObject(stated)) throw badRequest(`The @context defines ${name(term)} by what is neither an IRI nor a term definition`)
  for (const member of Object.keys(stated))
    if (!members.has(member)) throw badRequest(`The @context defines ${name(term)} with ${name(member)}, which NGSI-LD has no use for`)
  const id = Object.hasOwn(stated, '@id') ? stated['@id'] : term
  if (id === null) return null
  if (typeof id !== 'string') throw badRequest(`The @context defines ${name(term)} with an @id that is no IRI`)
  const expand = (text: string) => expandIn(definitions, local, text, text === term, states, depth)
  const iri = expand(id)
  if (iri.startsWith('@') ? iri !== '@id' && iri !== '@type' : !isNamespace(iri))
    throw badRequest(`The @context defines ${name(term)} as ${iri.slice(0, 200)}, which is no IRI`)
  const type = typeOf(term, stated['@type'], expand)
  const container = containerOf(term, stated['@container'])
  return { iri, ...(type !== undefined && { type }), ...(container !== undefined && { container }) }
}

function typeOf(term: string, value: Json | undefined, expand: (text: string) => string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw badRequest(`The @context defines ${name(term)} with an @type that is no IRI`)
  if (typeKeywords.has(value)) return value
  const iri = expand(value)
  if (!isNamespace(iri)) throw badRequest(`The @context defines ${name(term)} with the @type ${value.slice(0, 200)}, which is no IRI`)
  return iri
}

function containerOf(term: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  const stated: readonly Json[] = Array.isArray(value) ? value : [value]
  const known = stated.filter((container) => typeof container === 'string' && containers.has(container))
  if (known.length < stated.length) throw badRequest(`The @context defines ${name(term)} with an unknown @container`)
  return (known as readonly string[]).join(' ')
}

/** The IRI of `text` within a context that is being defined; a term further down is defined first. `isSelf`: the term itself, which has no @id. */
function expandIn(
  definitions: Definitions,
  local: JsonObject,
  text: string,
  isSelf: boolean,
  states: Map<string, 'open' | 'done'>,
  depth: number,
): string {
  if (text.startsWith('@')) return text
  if (!isSelf) {
    if (Object.hasOwn(local, text)) defineTerm(definitions, local, text, states, depth + 1)
    const known = definitions.terms.get(text)
    if (known !== undefined && known !== null) return known.iri
  }
  const colon = text.indexOf(':', 1)
  if (colon > 0) {
    const prefix = text.slice(0, colon)
    if (text.startsWith('//', colon + 1)) return text
    if (Object.hasOwn(local, prefix)) defineTerm(definitions, local, prefix, states, depth + 1)
    return prefixed(definitions, text) ?? text
  }
  return isSelf ? (definitions.vocab ?? defaultVocab) + text : (definitions.vocab ?? '') + text
}

function prefixed(definitions: Definitions, text: string): string | undefined {
  const colon = text.indexOf(':', 1)
  if (colon < 0 || text.startsWith('//', colon + 1)) return undefined
  const prefix = text.slice(0, colon)
  const namespace = corePrefixes.get(prefix) ?? definitions.prefixes.get(prefix)
  return namespace === undefined ? undefined : namespace + text.slice(colon + 1)
}

/** JSON-LD 1.1 API, 4.2.2, step 14.2.5: a simple term whose IRI ends in a delimiter, or one that says so. */
function mayBePrefix(term: string, value: Json | undefined, iri: string): boolean {
  if (term.includes(':') || term.includes('/') || iri.startsWith('@')) return false
  if (isJsonObject(value)) return value['@prefix'] === true
  return /[:/?#[\]@]$/.test(iri)
}

/** An IRI that may end in its delimiter. */
function isNamespace(iri: string): boolean {
  return isIri(iri) || isIri(`${iri}x`)
}

function name(term: string): string {
  return JSON.stringify(term.slice(0, 200))
}
