import type { Config } from '#config/config.ts'
import type { Contexts } from '#broker/contexts.ts'
import type { Tenants } from '#broker/tenants.ts'
import type { Changes } from '#bus/changes.ts'
import type { Devices } from '#devices/open-devices.ts'
import type { Alerts } from '#operations/open-alerts.ts'
import type { Federation } from '#federation/open-federation.ts'
import type { Access } from '#governance/access.ts'
import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import type { Live } from './api/live.ts'
import type { Subscriptions } from '#subscriptions/open-subscriptions.ts'
import type { EntityMaps } from '#snapshots/entity-maps.ts'
import type { Snapshots } from '#snapshots/snapshots.ts'
import type { Streets } from '#streets/ask-streets.ts'
import type { RouteJobs } from '#routes/route-jobs.ts'
import type { Store } from '#store/store.ts'

/** What the routes are given. */
export type Deps = {
  readonly config: Config
  readonly access: Access
  readonly alerts: Alerts
  readonly changes: Changes
  readonly clock: Clock
  readonly contexts: Contexts
  readonly devices: Devices
  readonly entityMaps: EntityMaps
  readonly federation: Federation
  readonly live: Live
  readonly log: Log
  readonly snapshots: Snapshots
  readonly routes: RouteJobs
  readonly store: Store
  readonly streets: Streets
  readonly subscriptions: Subscriptions
  readonly tenants: Tenants
}
