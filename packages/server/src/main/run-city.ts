import { existsSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { openContexts } from '#broker/contexts.ts'
import type { Contexts } from '#broker/contexts.ts'
import { openTenants } from '#broker/tenants.ts'
import type { Tenants } from '#broker/tenants.ts'
import type { Changes } from '#bus/changes.ts'
import { createLocalChanges } from '#bus/local/local-changes.ts'
import type { Config } from '#config/config.ts'
import { openAccess } from '#governance/access.ts'
import type { Access } from '#governance/access.ts'
import type { City } from '#http/api/session-routes.ts'
import { createServer } from '#http/create-server.ts'
import type { Clock } from '#runtime/clock.ts'
import { wallClock } from '#runtime/clock.ts'
import { createDialler } from '#runtime/dialler.ts'
import type { Dialler } from '#runtime/dialler.ts'
import { parseEgress } from '#runtime/egress.ts'
import type { Log } from '#runtime/log.ts'
import { openEntityMaps } from '#snapshots/entity-maps.ts'
import type { EntityMaps } from '#snapshots/entity-maps.ts'
import { openSnapshots } from '#snapshots/snapshots.ts'
import type { Snapshots } from '#snapshots/snapshots.ts'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import type { SqliteStoreOptions } from '#store/sqlite/open-store.ts'
import type { Store } from '#store/store.ts'
import { openSubscriptions } from '#subscriptions/open-subscriptions.ts'
import type { Subscriptions } from '#subscriptions/open-subscriptions.ts'
import { createNotifier } from '#subscriptions/send-notification.ts'
import { startRetention } from './retention.ts'

/** Everything of a running city that commands and areas are given. */
export type OpenCity = {
  readonly access: Access
  readonly changes: Changes
  readonly clock: Clock
  readonly config: Config
  readonly contexts: Contexts
  readonly dialler: Dialler
  readonly entityMaps: EntityMaps
  readonly log: Log
  readonly snapshots: Snapshots
  readonly store: Store
  readonly subscriptions: Subscriptions
  readonly tenants: Tenants
  close(): Promise<void>
}

export type OpenOptions = { readonly log: Log; readonly store?: SqliteStoreOptions }

/** Opens the data directory with all that works on it, but no port: for `serve`, and for commands while no server runs. */
export async function openCity(config: Config, { log, store: storeOptions = {} }: OpenOptions): Promise<OpenCity> {
  const dialler = createDialler(parseEgress(config.egress))
  const contexts = await openContexts({
    dialler,
    ...(config.contextsDirectory === undefined ? {} : { directory: config.contextsDirectory }),
    ...(config.defaultContext === undefined ? {} : { defaultContext: config.defaultContext }),
  })
  const store = await openSqliteStore(config.dataDirectory, storeOptions)
  const changes = createLocalChanges(store)
  const subscriptions = await openSubscriptions({
    access: openAccess,
    changes,
    clock: wallClock,
    contexts,
    log,
    store,
    send: createNotifier(dialler),
  })
  const snapshots = openSnapshots({ access: openAccess, clock: wallClock, dialler, log, store })
  return {
    access: openAccess,
    changes,
    clock: wallClock,
    config,
    contexts,
    dialler,
    entityMaps: openEntityMaps({ access: openAccess, clock: wallClock, store }),
    log,
    snapshots,
    store,
    subscriptions,
    tenants: openTenants(store),
    async close() {
      await snapshots.close()
      await subscriptions.close()
      await store.close()
      await dialler.close()
    },
  }
}

/** A city that listens; `url` is where. */
export type RunningCity = OpenCity & { readonly app: FastifyInstance; readonly url: string }

export type RunOptions = OpenOptions & { readonly city?: City; readonly isSynthetic?: boolean }

/** The version in the package's description. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

/** Opens a city and listens. Closing ends what waits first, then the port, then the store. */
export async function runCity(config: Config, options: RunOptions): Promise<RunningCity> {
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  const opened = await openCity(config, { ...options, store: { url, ...options.store } })
  const { app, live } = await createServer(opened, {
    version,
    consoleDirectory: consoleDirectory(),
    city: options.city ?? null,
    isSynthetic: options.isSynthetic ?? false,
  })
  const retention = startRetention(opened)
  const close = async (): Promise<void> => {
    retention.close()
    await live.close()
    await app.close()
    await opened.close()
  }
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await close()
    throw error
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  return { ...opened, app, url: url.replace(/:\d+$/, `:${port}`), close }
}

/** The built console: in the workspace beside this package, or inside it where it was installed. */
function consoleDirectory(): string {
  const places = ['../../../console/dist', '../../console'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? places[0] ?? ''
}
