import type { Instant, Json } from '@cityloop/ngsi-ld'
import type { OwnRows } from '#store/rows.ts'

const area = 'contexts'
const kind = 'context'

export type ContextKind = 'Cached' | 'Hosted' | 'ImplicitlyCreated'

/** A stored @context (CIM 009, 5.13.1). `document` is the whole of it, with its member `@context`. */
export type ContextEntry = {
  readonly localId: string
  readonly kind: ContextKind
  /** Where it was fetched from; absent for what is kept here alone. */
  readonly url?: string
  readonly document: Json
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  /** Whose it is; cached ones are everybody's. */
  readonly tenant: string
}

/** How often an entry was used since the program started, and when last. */
export type Usage = { readonly hits: number; readonly lastUsage?: Instant }

/** The stored @contexts, all in memory and each an own row, so that what was fetched once is there without network after a restart. */
export type ContextEntries = {
  all(): Iterable<ContextEntry>
  byId(localId: string): ContextEntry | undefined
  byUrl(url: string): ContextEntry | undefined
  put(entry: ContextEntry): Promise<void>
  delete(entry: ContextEntry): Promise<void>
  use(entry: ContextEntry, now: Instant): void
  usage(entry: ContextEntry): Usage
}

/** Loads what is kept. */
export async function openContextEntries(rows: OwnRows): Promise<ContextEntries> {
  const byId = new Map<string, ContextEntry>()
  const byUrl = new Map<string, ContextEntry>()
  const usages = new Map<string, Usage>()
  const know = (entry: ContextEntry): void => {
    byId.set(entry.localId, entry)
    if (entry.url !== undefined) byUrl.set(entry.url, entry)
  }
  for (const row of await rows.list(undefined, area, kind)) know(row.value as ContextEntry)

  return {
    all: () => byId.values(),
    byId: (localId) => byId.get(localId),
    byUrl: (url) => byUrl.get(url),
    async put(entry) {
      await rows.write([{ put: { tenant: entry.tenant, area, kind, key: entry.localId, value: entry } }])
      know(entry)
    },
    async delete(entry) {
      await rows.write([{ delete: { tenant: entry.tenant, area, kind, key: entry.localId } }])
      byId.delete(entry.localId)
      if (entry.url !== undefined) byUrl.delete(entry.url)
      usages.delete(entry.localId)
    },
    use: ({ localId }, now) => void usages.set(localId, { hits: (usages.get(localId)?.hits ?? 0) + 1, lastUsage: now }),
    usage: ({ localId }) => usages.get(localId) ?? { hits: 0 },
  }
}
