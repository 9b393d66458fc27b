import { everything } from '@cityloop/ngsi-ld'
import type { Scope, WriteScope } from '@cityloop/ngsi-ld'

/** Who asks, in which tenant, and for what. */
export type Caller = { readonly id: string; readonly tenant: string; readonly purpose?: string }

/** The one place that turns a caller into what he may read and write. */
export type Access = { readScope(caller: Caller, action: string): Scope; writeScope(caller: Caller, action: string): WriteScope }

/** Everyone who was let in may do everything; grants narrow this when there are any. */
export const openAccess: Access = { readScope: () => everything, writeScope: () => everything }
