import { existsSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { openContexts } from '#broker/contexts.ts'
import type { Contexts } from '#broker/contexts.ts'
import { createContextFetcher } from '#broker/fetch-context.ts'
import { openTenants } from '#broker/tenants.ts'
import type { Tenants } from '#broker/tenants.ts'
import type { Changes } from '#bus/changes.ts'
import { createLocalChanges } from '#bus/local/local-changes.ts'
import { isLoopback } from '#config/config.ts'
import type { Config } from '#config/config.ts'
import { openFederation } from '#federation/open-federation.ts'
import type { Federation } from '#federation/open-federation.ts'
import { openAccess } from '#governance/access.ts'
import type { Access } from '#governance/access.ts'
import type { City } from '#http/api/session-routes.ts'
import { createServer } from '#http/create-server.ts'
import type { ServerOptions } from '#http/create-server.ts'
import { demoPlace, readSynthetic } from '#democity/synthetic.ts'
import { joinMqttBroker } from '#devices/join-mqtt-broker.ts'
import { startMqttListener } from '#devices/mqtt-listener.ts'
import type { MqttDoor } from '#devices/mqtt-listener.ts'
import { openDevices } from '#devices/open-devices.ts'
import type { Devices } from '#devices/open-devices.ts'
import type { MqttSinks } from '#devices/take-mqtt-message.ts'
import { openAlerts } from '#operations/open-alerts.ts'
import type { Alerts } from '#operations/open-alerts.ts'
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
import { createRouteJobs } from '#routes/route-jobs.ts'
import type { RouteJobs } from '#routes/route-jobs.ts'
import { openStreets } from '#streets/ask-streets.ts'
import type { Streets } from '#streets/ask-streets.ts'
import { openAgentPorts } from './agent-ports.ts'
import type { AgentPorts } from './agent-ports.ts'
import { startRetention } from './retention.ts'

/** Everything of a running city that commands and areas are given. */
export type OpenCity = {
  readonly access: Access
  readonly alerts: Alerts
  readonly changes: Changes
  readonly clock: Clock
  readonly config: Config
  readonly contexts: Contexts
  readonly devices: Devices
  readonly dialler: Dialler
  readonly entityMaps: EntityMaps
  readonly federation: Federation
  readonly log: Log
  readonly snapshots: Snapshots
  readonly routes: RouteJobs
  readonly store: Store
  readonly streets: Streets
  readonly subscriptions: Subscriptions
  readonly tenants: Tenants
  close(): Promise<void>
}

export type OpenOptions = { readonly log: Log; readonly store?: SqliteStoreOptions }

/** Opens the data directory with all that works on it, but no port: for `serve`, and for commands while no server runs. */
export async function openCity(config: Config, { log, store: storeOptions = {} }: OpenOptions): Promise<OpenCity> {
  const dialler = createDialler(parseEgress(config.egress))
  const store = await openSqliteStore(config.dataDirectory, storeOptions)
  const contexts = await openContexts({
    clock: wallClock,
    fetch: createContextFetcher(dialler, config.contextsDirectory),
    rows: store.rows,
    publicUrl: config.origins[0] ?? urlOf(config),
    ...(config.defaultContext === undefined ? {} : { defaultContext: config.defaultContext }),
  })
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
  const federation = await openFederation({
    access: openAccess,
    clock: wallClock,
    contexts,
    dialler,
    hostAlias: config.hostAlias,
    log,
    publicUrl: config.origins[0] ?? urlOf(config),
    send: createNotifier(dialler),
    store,
    subscriptions,
  })
  const snapshots = openSnapshots({ access: openAccess, clock: wallClock, dialler, federation, log, store })
  const devices = await openDevices({
    access: openAccess,
    changes,
    clock: wallClock,
    contexts,
    lastSequence: () => store.state().lastSequence,
    log,
    rows: store.rows,
    store,
  })
  const streets = openStreets(config.dataDirectory)
  const routes = createRouteJobs()
  const alerts = await openAlerts({
    access: openAccess,
    changes,
    clock: wallClock,
    context: contexts.cityloop,
    lastSequence: () => store.state().lastSequence,
    log,
    rows: store.rows,
    store,
  })
  return {
    access: openAccess,
    alerts,
    changes,
    clock: wallClock,
    config,
    contexts,
    devices,
    dialler,
    federation,
    entityMaps: openEntityMaps({ access: openAccess, clock: wallClock, store }),
    log,
    snapshots,
    routes,
    store,
    streets,
    subscriptions,
    tenants: openTenants(store),
    async close() {
      await alerts.close()
      await devices.close()
      await streets.close()
      await routes.close()
      await snapshots.close()
      await federation.close()
      await subscriptions.close()
      await store.close()
      await dialler.close()
    },
  }
}

/** A city that listens; `url` is where. */
export type RunningCity = OpenCity & { readonly app: FastifyInstance; readonly mqtt: MqttDoor | undefined; readonly url: string }

export type RunOptions = OpenOptions & { readonly city?: City; readonly more?: ServerOptions['more'] }

/** The version in the package's description. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

/** Opens a city and listens. Closing ends what waits first, then the port, then the store. */
export async function runCity(config: Config, options: RunOptions): Promise<RunningCity> {
  const url = urlOf(config)
  const opened = await openCity(config, { ...options, store: { url, ...options.store } })
  // A made-up city shows its ribbon, whoever serves it.
  const isSynthetic = readSynthetic(config.dataDirectory) !== undefined
  const { app, live } = await createServer(opened, {
    version,
    consoleDirectory: consoleDirectory(),
    city: options.city ?? (isSynthetic ? demoPlace : null),
    isSynthetic,
    ...(options.more === undefined ? {} : { more: options.more }),
  })
  const retention = startRetention(opened)
  let mqtt: MqttDoor | undefined
  let agents: AgentPorts | undefined
  const close = async (): Promise<void> => {
    retention.close()
    await agents?.close()
    await mqtt?.close()
    await live.close()
    await app.close()
    await opened.close()
  }
  try {
    mqtt = await listenForDevices(opened)
    await app.listen({ host: config.host, port: config.port })
    agents = await openAgentPorts(app, config, version)
  } catch (error) {
    await close()
    throw error
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  return { ...opened, app, mqtt, url: url.replace(/:\d+$/, `:${port}`), close }
}

/** Joins the operator's MQTT broker or opens the embedded one. Where nobody asked for its port and another program has it, the city goes on without, and says so. */
async function listenForDevices({ clock, config, devices, log, store }: OpenCity): Promise<MqttDoor | undefined> {
  const { commands } = devices
  const sinks: MqttSinks = {
    clock,
    log,
    take: (message) => devices.take(message),
    answer: (apiKey, deviceId, name, result) => commands.answer(apiKey, deviceId, name, result),
  }
  const door = config.mqttUrl === undefined ? await openMqttPort() : await joinBroker(config.mqttUrl)
  commands.setOutlet(door)
  return door

  async function joinBroker(url: string): Promise<MqttDoor> {
    return joinMqttBroker({ ...sinks, url, rows: store.rows, joined: () => commands.flush() })
  }

  async function openMqttPort(): Promise<MqttDoor | undefined> {
    if (config.mqttPort === 0) return undefined
    try {
      return await startMqttListener({
        ...sinks,
        host: config.host,
        port: config.mqttPort,
        rows: store.rows,
        isOpen: config.isOpen || (config.adminToken === undefined && isLoopback(config.host)),
        adminToken: config.adminToken,
        isKnownKey: (apiKey) => devices.registry.findGroup(apiKey) !== undefined,
        listening: (apiKey, deviceId) => commands.flush(apiKey, deviceId),
      })
    } catch (error) {
      if (config.isMqttPortStated)
        throw new Error(`The MQTT port ${config.mqttPort} cannot be had: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      log.warn('mqtt_port_taken', { port: config.mqttPort })
      return undefined
    }
  }
}

function urlOf({ host, port }: Config): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The built console: in the workspace beside this package, or inside it where it was installed. */
function consoleDirectory(): string {
  const places = ['../../../console/dist', '../../console'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? places[0] ?? ''
}
