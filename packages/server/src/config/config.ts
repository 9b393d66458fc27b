import { hostname, networkInterfaces } from 'node:os'

/** What the environment says, read once. */
export type Config = {
  readonly host: string
  readonly port: number
  /** 0: no MQTT. */
  readonly mqttPort: number
  /** Whether the MQTT port was asked for: then it must be had. */
  readonly isMqttPortStated: boolean
  readonly dataDirectory: string
  readonly databaseUrl: string | undefined
  readonly natsUrl: string | undefined
  readonly mqttUrl: string | undefined
  readonly roles: readonly string[]
  /** How this broker names itself to its peers (5.15.1). */
  readonly hostAlias: string
  /** The @context given to requests that bring none; absent, the core @context. */
  readonly defaultContext: string | undefined
  readonly contextsDirectory: string | undefined
  /** Absent: history is kept for ever. */
  readonly historyDays: number | undefined
  /** The most instances of one attribute in an answer about the past; beyond, it is cut in time (CIM 009, 6.3.10). */
  readonly mostInstances: number
  readonly origins: readonly string[]
  readonly adminToken: string | undefined
  readonly isOpen: boolean
  readonly egress: string
  readonly iotaPort: number | undefined
  readonly iotaHttpPort: number | undefined
  readonly basemap: string | undefined
}

const keys = [
  'HOST',
  'PORT',
  'MQTT_PORT',
  'DATA',
  'DATABASE_URL',
  'NATS_URL',
  'MQTT_URL',
  'ROLES',
  'HOST_ALIAS',
  'CONTEXT',
  'CONTEXTS',
  'HISTORY_DAYS',
  'INSTANCES',
  'ORIGINS',
  'ADMIN_TOKEN',
  'OPEN',
  'EGRESS',
  'IOTA_PORT',
  'IOTA_HTTP_PORT',
  'BASEMAP',
] as const
type Key = (typeof keys)[number]

/** Reads the `CITYLOOP_*` variables of an environment. Throws, naming the key, where one is unknown or has no sense. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('CITYLOOP_') || name === 'CITYLOOP_TEST') continue
    if (!keys.some((key) => `CITYLOOP_${key}` === name))
      throw new Error(`${name} is no setting of Cityloop; the settings are ${keys.map((key) => `CITYLOOP_${key}`).join(', ')}`)
  }
  const read = (key: Key): string | undefined => (environment[`CITYLOOP_${key}`] === '' ? undefined : environment[`CITYLOOP_${key}`])
  const config: Config = {
    host: read('HOST') ?? '127.0.0.1',
    port: port('PORT', read('PORT') ?? '1026'),
    mqttPort: port('MQTT_PORT', read('MQTT_PORT') ?? (read('PORT') === '0' ? '0' : '1883')),
    isMqttPortStated: read('MQTT_PORT') !== undefined,
    dataDirectory: read('DATA') ?? './data',
    databaseUrl: read('DATABASE_URL'),
    natsUrl: read('NATS_URL'),
    mqttUrl: read('MQTT_URL'),
    roles: list(read('ROLES')),
    hostAlias: read('HOST_ALIAS') ?? 'cityloop',
    defaultContext: read('CONTEXT'),
    contextsDirectory: read('CONTEXTS'),
    historyDays: whole('HISTORY_DAYS', read('HISTORY_DAYS')),
    mostInstances: whole('INSTANCES', read('INSTANCES')) ?? 10_000,
    origins: list(read('ORIGINS')),
    adminToken: read('ADMIN_TOKEN'),
    isOpen: choice('OPEN', read('OPEN')),
    egress: read('EGRESS') ?? 'public',
    iotaPort: optionalPort('IOTA_PORT', read('IOTA_PORT')),
    iotaHttpPort: optionalPort('IOTA_HTTP_PORT', read('IOTA_HTTP_PORT')),
    basemap: read('BASEMAP'),
  }
  if (config.mqttUrl !== undefined && !/^mqtts?:\/\/./.test(config.mqttUrl))
    throw new Error('CITYLOOP_MQTT_URL must be the URL of a broker, mqtt://HOST:PORT or mqtts://HOST:PORT')
  if (config.adminToken !== undefined && config.adminToken.length < 32) throw new Error('CITYLOOP_ADMIN_TOKEN must have at least 32 characters')
  if (!isLoopback(config.host) && config.adminToken === undefined && !config.isOpen) {
    throw new Error(
      `CITYLOOP_HOST is ${config.host}, which others can reach: set CITYLOOP_ADMIN_TOKEN to a secret of at least 32 characters, or CITYLOOP_OPEN=yes to let everyone in`,
    )
  }
  return Object.freeze(config)
}

/** What was read, for the log, without secrets. */
export function maskedConfig(config: Config): Readonly<Record<string, unknown>> {
  const masked = (url: string | undefined): string | undefined => url?.replace(/\/\/[^@/]*@/, '//***@')
  return {
    ...config,
    adminToken: config.adminToken === undefined ? undefined : '***',
    databaseUrl: masked(config.databaseUrl),
    natsUrl: masked(config.natsUrl),
    mqttUrl: masked(config.mqttUrl),
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** The names under which requests may call this server: this machine's, and those of the allowed origins. */
export function ownHosts(config: Config): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address.toLowerCase()))
  const origins = config.origins.flatMap((origin) => URL.parse(origin)?.hostname ?? [])
  return new Set(['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), config.host.toLowerCase(), ...addresses, ...origins])
}

function port(key: Key, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error(`CITYLOOP_${key} must be a port from 0 to 65535, not ${text}`)
  return number
}

function optionalPort(key: Key, text: string | undefined): number | undefined {
  return text === undefined ? undefined : port(key, text)
}

function whole(key: Key, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`CITYLOOP_${key} must be a whole number of at least 1, not ${text}`)
  return number
}

function choice(key: Key, text: string | undefined): boolean {
  if (text === undefined || text === 'no') return false
  if (text === 'yes') return true
  throw new Error(`CITYLOOP_${key} must be yes or no, not ${text}`)
}

function list(text: string | undefined): readonly string[] {
  return text === undefined
    ? []
    : text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
}
