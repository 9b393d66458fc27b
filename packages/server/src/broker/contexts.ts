import { NgsiLdError, compileContext, coreContext, isCoreContextIri } from '@cityloop/ngsi-ld'
import type { Context, Json } from '@cityloop/ngsi-ld'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cityloopTerms } from '#runtime/cityloop-terms.ts'
import type { Dialler } from '#runtime/dialler.ts'

const mostCompiled = 1000
const mostBytes = 4 * 1024 * 1024
const timeoutMs = 5000

/** The path under which our own words are served. */
export const cityloopContextPath = '/ngsi-ld/v1/jsonldContexts/cityloop'

/** Compiles @contexts, with as few fetches as can be: the core is built in, ours is here, an operator's directory is read once, the rest is fetched once. */
export type Contexts = {
  /** The context of what a request states; `undefined` gives the default. Throws `LdContextNotAvailable` or `BadRequestData`. */
  compile(document: Json | undefined): Promise<Context>
  /** Our own words: short names for the Smart Data Models' IRIs. */
  readonly cityloop: Context
}

export type ContextOptions = {
  readonly dialler: Pick<Dialler, 'call'>
  /** A directory with `index.json`, which names the file of each IRI. */
  readonly directory?: string
  /** What a request without a @context gets; absent, the core. */
  readonly defaultContext?: string
}

/** Opens the compiler; reads the operator's directory now. */
export async function openContexts({ dialler, directory, defaultContext }: ContextOptions): Promise<Contexts> {
  const preloaded = directory === undefined ? new Map<string, unknown>() : readDirectory(directory)
  const fetched = new Map<string, Promise<unknown>>()
  const compiled = new Map<string, Promise<Context>>()
  const own = { '@context': { ...cityloopTerms } }

  async function load(iri: string): Promise<unknown> {
    if (URL.parse(iri, 'http://localhost')?.pathname === cityloopContextPath) return own
    if (preloaded.has(iri)) return preloaded.get(iri)
    const known = fetched.get(iri)
    if (known !== undefined) return known
    const fetching = fetchContext(dialler, iri)
    fetched.set(iri, fetching)
    fetching.catch(() => fetched.delete(iri))
    return fetching
  }

  function compile(document: Json | undefined): Promise<Context> {
    const stated = absolute(document ?? defaultContext)
    if (stated === undefined || (typeof stated === 'string' && isCoreContextIri(stated))) return Promise.resolve(coreContext)
    const key = JSON.stringify(stated)
    const known = compiled.get(key)
    if (known !== undefined) return known
    const compiling = compileContext(stated, load)
    if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value ?? '')
    compiled.set(key, compiling)
    compiling.catch(() => compiled.delete(key))
    return compiling
  }

  return { compile, cityloop: await compile(cityloopContextPath) }
}

/** A path alone, as the console sends it, names a context of this server. */
function absolute(document: Json | undefined): Json | undefined {
  return typeof document === 'string' && document.startsWith('/') ? `http://localhost${document}` : document
}

async function fetchContext(dialler: Pick<Dialler, 'call'>, iri: string): Promise<unknown> {
  try {
    const reply = await dialler.call(iri, { method: 'GET', headers: { accept: 'application/ld+json, application/json' }, timeoutMs, mostBytes })
    if (reply.status !== 200)
      throw new NgsiLdError('LdContextNotAvailable', `The @context ${iri} could not be had: its server answered ${reply.status}`)
    return JSON.parse(reply.body)
  } catch (error) {
    if (error instanceof SyntaxError) throw new NgsiLdError('BadRequestData', `The @context ${iri} is not JSON`, { cause: error })
    if (error instanceof NgsiLdError && error.type !== 'Unavailable') throw error
    throw new NgsiLdError(
      'LdContextNotAvailable',
      `The @context ${iri} could not be had: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

function readDirectory(directory: string): Map<string, unknown> {
  const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as Record<string, string>
  return new Map(Object.entries(index).map(([iri, file]) => [iri, JSON.parse(readFileSync(join(directory, file), 'utf8')) as unknown]))
}
