import { NgsiLdError, badRequest, isJsonObject, parseUtc } from '@cityloop/ngsi-ld'
import type { Context, Instant, Iri, JsonObject } from '@cityloop/ngsi-ld'
import { randomUUID } from 'node:crypto'
import type { ReadDeps } from '#broker/read-entities.ts'
import type { Caller } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import { refuseConflicts } from './registration-conflicts.ts'
import { checkWhole, expandRegistration, toRegistration } from './parse-registration.ts'
import type { Registration, RegistrationDocument } from './registration.ts'

const area = 'federation'
const kind = 'registration'

/** What became of the requests to a source since the program started (Table 5.2.9-2). */
export type Contact = {
  readonly timesSent: number
  readonly timesFailed: number
  readonly lastSuccess?: Instant
  readonly lastFailure?: Instant
}

/** A registration as it is shown: the document is expanded still. */
export type RegistrationView = RegistrationDocument & { readonly registration: Registration; readonly contact: Contact | undefined }

/** A registration before and after a change; `before` alone is a deletion. */
export type RegistrationChange = { readonly tenant: string; readonly before?: RegistrationView; readonly after?: RegistrationView }

/** The context source registrations of all tenants (CIM 009, 5.9, 5.10). */
export type Registrations = {
  /** 5.9.2 */
  create(caller: Caller, document: unknown, context: Context): Promise<string>
  /** 5.9.3; NGSI-LD null removes a member. */
  update(caller: Caller, id: string, fragment: unknown, context: Context): Promise<void>
  /** 5.9.4 */
  delete(caller: Caller, id: string): Promise<void>
  /** 5.10.1. Throws `ResourceNotFound`. */
  retrieve(caller: Caller, id: string): RegistrationView
  list(tenant: string): readonly RegistrationView[]
  /** Those that may concern entities of these types; without types, all. One look-up a type, however many there are. */
  candidates(tenant: string, types: readonly Iri[] | undefined): Iterable<Registration>
  has(tenant: string): boolean
  note(registration: Registration, hasSucceeded: boolean): void
  onChange(listener: (change: RegistrationChange) => void): void
}

export type RegistrationDeps = ReadDeps & { readonly clock: Clock }

type Index = {
  readonly views: Map<string, RegistrationView>
  readonly byType: Map<Iri, Set<Registration>>
  readonly ofAnyType: Set<Registration>
}

/** Loads what is kept. */
export async function openRegistrations(deps: RegistrationDeps): Promise<Registrations> {
  const { clock, store } = deps
  const tenants = new Map<string, Index>()
  const contacts = new Map<string, Contact>()
  const listeners: ((change: RegistrationChange) => void)[] = []

  for (const row of await store.rows.list(undefined, area, kind)) know(row.tenant, row.value as unknown as RegistrationDocument)

  function indexOf(tenant: string): Index {
    const known = tenants.get(tenant)
    if (known !== undefined) return known
    const made: Index = { views: new Map(), byType: new Map(), ofAnyType: new Set() }
    tenants.set(tenant, made)
    return made
  }

  function know(tenant: string, kept: RegistrationDocument): RegistrationView {
    const index = indexOf(tenant)
    const view: RegistrationView = { ...kept, registration: toRegistration(tenant, kept.id, kept.document), contact: undefined }
    index.views.set(kept.id, view)
    const types = typesOf(view.registration)
    if (types === undefined) index.ofAnyType.add(view.registration)
    for (const type of types ?? []) index.byType.set(type, (index.byType.get(type) ?? new Set()).add(view.registration))
    return view
  }

  function forget({ registration }: RegistrationView): void {
    const index = indexOf(registration.tenant)
    index.views.delete(registration.id)
    index.ofAnyType.delete(registration)
    for (const type of typesOf(registration) ?? []) {
      const known = index.byType.get(type)
      known?.delete(registration)
      if (known?.size === 0) index.byType.delete(type)
    }
  }

  const isOver = ({ expiresAt }: Registration): boolean => expiresAt !== undefined && expiresAt <= clock.now()

  /** 5.9.2.4: a registration is deleted when its time has come; here when someone would have seen it. */
  async function removeExpired(tenant: string): Promise<void> {
    const over = [...indexOf(tenant).views.values()].filter(({ registration }) => isOver(registration))
    if (over.length === 0) return
    for (const view of over) forget(view)
    await store.rows.write(over.map(({ id: key }) => ({ delete: { tenant, area, kind, key } })))
    for (const before of over) for (const tell of listeners) tell({ tenant, before })
  }

  function find({ tenant }: Caller, id: string): RegistrationView {
    const view = indexOf(tenant).views.get(id)
    if (view === undefined || isOver(view.registration)) throw new NgsiLdError('ResourceNotFound', `Registration ${id} does not exist`)
    return view
  }

  const shown = (view: RegistrationView): RegistrationView => ({ ...view, contact: contacts.get(contactKey(view.registration)) })
  const othersOf = (tenant: string, id: string): readonly Registration[] =>
    [...indexOf(tenant).views.values()].map(({ registration }) => registration).filter((other) => other.id !== id && !isOver(other))

  async function keep(caller: Caller, kept: RegistrationDocument, before: RegistrationView | undefined): Promise<void> {
    const { tenant } = caller
    const stated = kept.document['expiresAt']
    if (stated !== undefined && parseUtc(stated, 'expiresAt') <= clock.now()) throw badRequest('expiresAt must lie ahead')
    await refuseConflicts(deps, caller, toRegistration(tenant, kept.id, kept.document), othersOf(tenant, kept.id))
    await store.rows.write([{ put: { tenant, area, kind, key: kept.id, value: kept } }])
    if (before !== undefined) forget(before)
    const after = know(tenant, kept)
    for (const tell of listeners) tell({ tenant, after, ...(before === undefined ? {} : { before }) })
  }

  return {
    async create(caller, given, context) {
      if (!isJsonObject(given)) throw badRequest('A registration must be an object')
      const stated = given['id'] ?? given['@id']
      if (stated !== undefined && (typeof stated !== 'string' || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(stated)))
        throw badRequest(`id must be a URI, not ${JSON.stringify(stated)}`)
      const id = typeof stated === 'string' ? stated : `urn:ngsi-ld:ContextSourceRegistration:${randomUUID()}`
      const document = expandRegistration(given, context)
      await removeExpired(caller.tenant)
      if (indexOf(caller.tenant).views.has(id)) throw new NgsiLdError('AlreadyExists', `Registration ${id} already exists`)
      const now = clock.now()
      await keep(caller, { id, document, createdAt: now, modifiedAt: now }, undefined)
      return id
    },
    async update(caller, id, given, context) {
      const before = find(caller, id)
      if (!isJsonObject(given)) throw badRequest('A registration fragment must be an object')
      const fragment = expandRegistration(given, context, true)
      if (Object.keys(fragment).length === 0) throw badRequest('The registration fragment is empty')
      const merged = Object.entries({ ...before.document, ...fragment }).filter(([, value]) => value !== null)
      const document: JsonObject = Object.fromEntries(merged)
      checkWhole(document)
      await keep(caller, { id, document, createdAt: before.createdAt, modifiedAt: clock.now() }, before)
    },
    async delete(caller, id) {
      const before = find(caller, id)
      const { tenant } = caller
      await store.rows.write([{ delete: { tenant, area, kind, key: id } }])
      forget(before)
      contacts.delete(contactKey(before.registration))
      for (const tell of listeners) tell({ tenant, before })
    },
    retrieve: (caller, id) => shown(find(caller, id)),
    list: (tenant) => [...indexOf(tenant).views.values()].filter(({ registration }) => !isOver(registration)).map(shown),
    *candidates(tenant, types) {
      const index = tenants.get(tenant)
      if (index === undefined) return
      const seen = new Set<Registration>()
      const offered =
        types === undefined
          ? [...index.views.values()].map(({ registration }) => registration)
          : [...index.ofAnyType, ...types.flatMap((type) => [...(index.byType.get(type) ?? [])])]
      for (const registration of offered) {
        if (seen.has(registration) || isOver(registration)) continue
        seen.add(registration)
        yield registration
      }
    },
    has: (tenant) => (tenants.get(tenant)?.views.size ?? 0) > 0,
    note(registration, hasSucceeded) {
      const key = contactKey(registration)
      const { timesSent = 0, timesFailed = 0, ...times } = contacts.get(key) ?? {}
      const now = clock.now()
      contacts.set(key, {
        ...times,
        timesSent: timesSent + 1,
        timesFailed: timesFailed + (hasSucceeded ? 0 : 1),
        ...(hasSucceeded ? { lastSuccess: now } : { lastFailure: now }),
      })
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

function contactKey({ tenant, id }: Registration): string {
  return `${tenant}\n${id}`
}

/** The types that a registration speaks of; `undefined`: any. */
function typesOf({ information }: Registration): ReadonlySet<Iri> | undefined {
  if (information.some(({ entities }) => entities?.every(({ types }) => types !== undefined) !== true)) return undefined
  return new Set(information.flatMap(({ entities = [] }) => entities.flatMap(({ types = [] }) => types)))
}
