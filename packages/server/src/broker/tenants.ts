import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Store } from '#store/store.ts'

/** The own rows by which a tenant exists that has no entity yet. */
const rowsOfTenants = [
  ['subscriptions', 'subscription'],
  ['federation', 'registration'],
  ['federation', 'subscription'],
] as const

/** Which tenants there are (CIM 009, 5.5.10): one is made by the first thing that is created in it. */
export type Tenants = {
  /** Throws `NonexistentTenant`. */
  require(tenant: string): Promise<void>
}

export function openTenants(store: Pick<Store, 'rows' | 'tenants'>): Tenants {
  const known = new Set([''])
  return {
    async require(tenant) {
      if (known.has(tenant)) return
      for (const name of await store.tenants()) known.add(name)
      for (const [area, kind] of rowsOfTenants) if ((await store.rows.list(tenant, area, kind, { limit: 1 })).length > 0) known.add(tenant)
      if (!known.has(tenant)) throw new NgsiLdError('NonexistentTenant', `The tenant ${tenant} does not exist`)
    },
  }
}
