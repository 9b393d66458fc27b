import { NgsiLdError, badRequest } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { contextOf, coreContext, userPart } from './context.ts'
import type { Context } from './context.ts'
import { isCoreContextIri } from './core-context.ts'
import { defineTerms, openDefinitions } from './define-terms.ts'
import type { Definitions } from './define-terms.ts'
import { isIri } from './iri.ts'

/** How much one @context may hold with all that it includes. */
export type ContextWalls = {
  readonly documents: number
  /** How deep one document may include another. */
  readonly depth: number
  readonly terms: number
  /** Characters of all terms and IRIs together. */
  readonly characters: number
}

export const contextWalls: ContextWalls = { documents: 32, depth: 8, terms: 20_000, characters: 4_000_000 }

/** Fetches the document at an IRI, parsed; rejects where there is none. */
export type LoadContext = (iri: string) => Promise<unknown>

/**
 * Compiles what a request states as its `@context`: an IRI, an object or an array of them; remote ones come through `load`, the core never does.
 * Throws `BadRequestData` for what is no @context, for scoped contexts (5.5.7) and beyond the walls, and `LdContextNotAvailable` where `load` rejects
 * with anything but an `NgsiLdError` (5.5.6).
 */
export async function compileContext(document: unknown, load: LoadContext, walls: ContextWalls = contextWalls): Promise<Context> {
  if (document === undefined || (typeof document === 'string' && isCoreContextIri(document))) return coreContext
  checkShape(document, 'The @context')
  const compilation: Compilation = { load, walls, loaded: new Map(), definitions: openDefinitions(walls) }
  await include(compilation, document, undefined, [])
  const { terms, prefixes } = compilation.definitions
  return contextOf(userPart(document), terms, prefixes)
}

type LocalContext = null | string | JsonObject | readonly (null | string | JsonObject)[]

type Compilation = {
  readonly load: LoadContext
  readonly walls: ContextWalls
  readonly loaded: Map<string, LocalContext>
  readonly definitions: Definitions
}

async function include(compilation: Compilation, local: LocalContext, base: string | undefined, trail: readonly string[]): Promise<void> {
  if (local === null) compilation.definitions.reset()
  else if (typeof local === 'string') await includeRemote(compilation, local, base, trail)
  else if (isJsonObject(local)) {
    const imported = local['@import']
    if (imported !== undefined) {
      if (typeof imported !== 'string') throw badRequest('@import in the @context must be an IRI')
      await includeRemote(compilation, imported, base, trail)
    }
    defineTerms(compilation.definitions, local)
  } else for (const part of local) await include(compilation, part, base, trail)
}

async function includeRemote(compilation: Compilation, reference: string, base: string | undefined, trail: readonly string[]): Promise<void> {
  const iri = resolve(reference, base)
  if (isCoreContextIri(iri)) return
  if (trail.includes(iri)) throw badRequest(`The @context ${iri} includes itself`)
  if (trail.length >= compilation.walls.depth)
    throw badRequest(`The @context includes documents more than ${compilation.walls.depth} deep, at ${iri}`)
  let local = compilation.loaded.get(iri)
  if (local === undefined) {
    if (compilation.loaded.size >= compilation.walls.documents)
      throw badRequest(`The @context includes more than ${compilation.walls.documents} documents, at ${iri}`)
    local = await loadLocal(compilation.load, iri)
    compilation.loaded.set(iri, local)
  }
  await include(compilation, local, iri, [...trail, iri])
}

async function loadLocal(load: LoadContext, iri: string): Promise<LocalContext> {
  let document: unknown
  try {
    document = await load(iri)
  } catch (error) {
    if (error instanceof NgsiLdError) throw error
    throw new NgsiLdError('LdContextNotAvailable', `The @context ${iri} is not available`, { cause: error })
  }
  if (!isJsonObject(document) || !Object.hasOwn(document, '@context')) throw badRequest(`The document at ${iri} has no @context`)
  const local = document['@context']
  checkShape(local, `The @context at ${iri}`)
  return local
}

function checkShape(local: unknown, what: string): asserts local is LocalContext {
  const parts: readonly unknown[] = Array.isArray(local) ? local : [local]
  for (const part of parts) {
    if (part === null) continue
    if (typeof part === 'string') {
      if (part === '') throw badRequest(`${what} holds an empty IRI`)
    } else if (isJsonObject(part)) checkUnscoped(part, what)
    else throw badRequest(`${what} must be an IRI, an object or an array of these, not ${describe(part)}`)
  }
}

/** 5.5.7: a user's context has no scoped contexts. */
function checkUnscoped(local: JsonObject, what: string): void {
  for (const [term, definition] of Object.entries(local)) {
    if (isJsonObject(definition) && Object.hasOwn(definition, '@context'))
      throw badRequest(`${what} has a scoped @context at ${term}, which NGSI-LD forbids`)
  }
  if (Object.hasOwn(local, '@context')) throw badRequest(`${what} has an @context inside itself`)
}

function resolve(reference: string, base: string | undefined): string {
  if (isIri(reference)) return reference
  if (base !== undefined && URL.canParse(reference, base)) return new URL(reference, base).href
  throw badRequest(`The @context ${reference} must be an absolute IRI`)
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 80)
}
