import { NgsiLdError, badRequest, compileContext, coreContext, coreContextDocument, isCoreContextIri, isJsonObject } from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { Clock } from '#runtime/clock.ts'
import { cityloopTerms } from '#runtime/cityloop-terms.ts'
import type { OwnRows } from '#store/rows.ts'
import { openContextEntries } from './context-entries.ts'
import type { ContextEntry, ContextKind, Usage } from './context-entries.ts'
import type { FetchContext } from './fetch-context.ts'

const mostCompiled = 1000
/** How long an old copy serves on before its server is tried again. */
const retryUs = 60_000_000
const contextsPath = '/ngsi-ld/v1/jsonldContexts/'

/** The path under which our own words are served. */
export const cityloopContextPath = `${contextsPath}cityloop`

/** An entry as callers see it (CIM 009, 5.13.3.5). */
export type ShownContext = ContextEntry & Usage & { readonly shownUrl: string }

/** The @contexts that are known: compiled for requests, and kept, served and forgotten as 5.13 says. The core is built in; what is fetched is fetched once. */
export type Contexts = {
  /** The context of what a request states; `undefined` gives the default. Throws `LdContextNotAvailable` or `BadRequestData`. */
  compile(document: Json | undefined): Promise<Context>
  /** Our own words: short names for the Smart Data Models' IRIs. */
  readonly cityloop: Context
  /** 5.13.2: keeps a @context to be served from here; returns its local id. */
  host(tenant: string, document: unknown, kind?: 'Hosted' | 'ImplicitlyCreated'): Promise<string>
  /** The URL under which a local id is served. */
  urlOf(localId: string): string
  /** What a reference names: a path alone, as the `Location` of a hosted @context is, names one of this server (RFC 8288, 3.1). */
  resolve(reference: string): string
  /** 5.13.3 */
  list(tenant: string, kind: ContextKind | undefined): readonly ShownContext[]
  /** 5.13.4, by local id or by URL. Throws `ResourceNotFound`. */
  retrieve(tenant: string, id: string): ShownContext
  /** 5.13.5 */
  delete(tenant: string, id: string, reload: boolean): Promise<void>
}

export type ContextOptions = {
  readonly clock: Clock
  readonly fetch: FetchContext
  readonly rows: OwnRows
  /** Where this server is reached, for the URLs of what it serves. */
  readonly publicUrl: string
  /** What a request without a @context gets; absent, the core. */
  readonly defaultContext?: string
}

/** A context, and the local ids of the entries that it was made from. */
type Compiled = { readonly context: Promise<Context>; readonly used: Set<string> }

/** Opens the compiler on what is kept. */
export async function openContexts({ clock, defaultContext, fetch, publicUrl, rows }: ContextOptions): Promise<Contexts> {
  const entries = await openContextEntries(rows)
  const fetching = new Map<string, Promise<ContextEntry>>()
  const compiled = new Map<string, Compiled>()
  const own = builtIn('cityloop', 'Hosted', { '@context': { ...cityloopTerms } })
  const core = builtIn('core', 'Cached', coreContextDocument())

  function builtIn(localId: string, kind: ContextKind, document: Json): ContextEntry {
    return { localId, kind, document, createdAt: clock.now(), tenant: '' }
  }

  /** The entry at an IRI, fetched where it is not kept or too old; an old one serves on for a while where its server cannot be reached. */
  async function load(iri: string): Promise<ContextEntry> {
    const local = localIdOf(iri)
    const known = local === undefined ? entries.byUrl(iri) : local === 'cityloop' ? own : entries.byId(local)
    if (known !== undefined && !isOld(known)) return known
    try {
      return await fetchOnce(iri)
    } catch (error) {
      if (known === undefined) throw error
      const kept = { ...known, expiresAt: clock.now() + retryUs }
      await entries.put(kept)
      return kept
    }
  }

  function isOld({ expiresAt }: ContextEntry): boolean {
    return expiresAt !== undefined && expiresAt <= clock.now()
  }

  function fetchOnce(iri: string): Promise<ContextEntry> {
    const underWay = fetching.get(iri)
    if (underWay !== undefined) return underWay
    const work = fetchEntry(iri).finally(() => fetching.delete(iri))
    fetching.set(iri, work)
    return work
  }

  async function fetchEntry(iri: string): Promise<ContextEntry> {
    const { document, ageS } = await fetch(iri)
    const now = clock.now()
    const localId = entries.byUrl(iri)?.localId ?? randomUUID()
    const entry: ContextEntry = { localId, kind: 'Cached', url: iri, document, createdAt: now, expiresAt: now + ageS * 1_000_000, tenant: '' }
    await entries.put(entry)
    return entry
  }

  async function compile(document: Json | undefined): Promise<Context> {
    const wanted = document ?? defaultContext
    const stated = typeof wanted === 'string' ? resolve(wanted) : wanted
    if (stated === undefined || (typeof stated === 'string' && isCoreContextIri(stated))) return coreContext
    const key = JSON.stringify(stated)
    const known = compiledBefore(key) ?? compileNew(key, stated)
    const context = await known.context
    for (const localId of known.used) {
      const entry = entries.byId(localId)
      if (entry !== undefined) entries.use(entry, clock.now())
    }
    return context
  }

  /** What was compiled from copies that are all still good (6.3.16). */
  function compiledBefore(key: string): Compiled | undefined {
    const known = compiled.get(key)
    const hasOld = known !== undefined && known.used.values().some((localId) => isOld(entries.byId(localId) ?? own))
    return hasOld ? undefined : known
  }

  function compileNew(key: string, stated: Json): Compiled {
    const used = new Set<string>()
    const context = compileContext(stated, async (iri) => {
      const entry = await load(iri)
      used.add(entry.localId)
      return entry.document
    })
    if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value ?? '')
    const made = { context, used }
    compiled.set(key, made)
    context.catch(() => compiled.delete(key))
    return made
  }

  /** What was compiled from an entry must be compiled anew. */
  function forget({ localId }: ContextEntry): void {
    for (const [key, { used }] of compiled) if (used.has(localId)) compiled.delete(key)
  }

  function find(tenant: string, id: string): ContextEntry {
    const local = localIdOf(id) ?? id
    if (local === 'cityloop') return own
    if (isCoreContextIri(id)) return { ...core, url: id }
    const entry = entries.byId(local) ?? entries.byUrl(id)
    if (entry === undefined || (entry.kind !== 'Cached' && entry.tenant !== tenant))
      throw new NgsiLdError('ResourceNotFound', `The @context ${id} is not kept here`)
    return entry
  }

  /** 5.13.5.4: what cannot be had again, or is no @context any more, leaves the copy as it is. */
  async function reloaded(iri: string): Promise<void> {
    try {
      const { document } = await fetch(iri)
      if (!isJsonObject(document)) throw badRequest('it is no object')
      await compileContext(document['@context'], async () => ({ '@context': {} }))
      await fetchEntry(iri)
    } catch (error) {
      if (error instanceof NgsiLdError && error.type === 'LdContextNotAvailable') throw error
      throw new NgsiLdError('LdContextNotAvailable', `The @context ${iri} was loaded again but is none: ${String(error)}`, { cause: error })
    }
  }

  const resolve = (reference: string): string => (reference.startsWith('/') ? `${publicUrl}${reference}` : reference)
  const urlOf = (localId: string): string => `${publicUrl}${contextsPath}${localId}`
  const show = (entry: ContextEntry): ShownContext => ({ ...entry, ...entries.usage(entry), shownUrl: entry.url ?? urlOf(entry.localId) })

  return {
    compile,
    cityloop: await compile(cityloopContextPath),
    async host(tenant, document, kind = 'Hosted') {
      if (!isJsonObject(document) || !Object.hasOwn(document, '@context'))
        throw new NgsiLdError('InvalidRequest', 'The body must be an object with an @context')
      // Checked for itself; what it includes is fetched when it is used.
      await compileContext(document['@context'], async () => ({ '@context': {} }))
      const localId = randomUUID()
      await entries.put({ localId, kind, document: { '@context': document['@context'] ?? null }, createdAt: clock.now(), tenant })
      return localId
    },
    urlOf,
    resolve,
    list(tenant, kind) {
      const shown = [own, ...entries.all()].filter((entry) => entry.kind === 'Cached' || entry.tenant === tenant || entry === own)
      return shown.filter((entry) => kind === undefined || entry.kind === kind).map(show)
    },
    retrieve: (tenant, id) => show(find(tenant, id)),
    async delete(tenant, id, reload) {
      const entry = find(tenant, id)
      if (reload) {
        if (entry.kind !== 'Cached') throw badRequest(`The @context ${id} is kept here alone and cannot be loaded again`)
        // The core is built in: it cannot be other than it is.
        if (entry.localId === core.localId) return
        await reloaded(entry.url ?? id)
        return forget(entry)
      }
      if (entry === own || entry.localId === core.localId) throw badRequest(`The @context ${id} is built in and cannot be deleted`)
      await entries.delete(entry)
      forget(entry)
    },
  }
}

/** The local id that a URL of any server's contexts names: ours have ids that nobody else's have. */
function localIdOf(iri: string): string | undefined {
  const path = URL.parse(iri, 'http://localhost')?.pathname
  return path?.startsWith(contextsPath) === true ? path.slice(contextsPath.length) : undefined
}
