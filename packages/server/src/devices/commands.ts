import { expandTerm } from '@cityloop/ngsi-ld'
import type { Context, Instant, Json } from '@cityloop/ngsi-ld'
import { writeEntities } from '#broker/write-entities.ts'
import type { WriteDeps } from '#broker/write-entities.ts'
import type { Changes } from '#bus/changes.ts'
import type { Log } from '#runtime/log.ts'
import type { OwnRows } from '#store/rows.ts'
import type { OutboxRow } from '#store/store.ts'
import type { Protocol } from './provisioning.ts'
import type { Registry } from './registry.ts'

const area = 'devices'
const kind = 'command'
const expiresAfterUs = 3_600_000_000
const lookEveryMs = 1000

/** A command on its way to a device, or waiting for its answer. The status words are the agents'. */
export type Command = {
  readonly key: string
  readonly tenant: string
  readonly apiKey: string
  readonly deviceId: string
  readonly entityId: string
  readonly name: string
  readonly objectId: string
  readonly value: Json
  readonly status: 'PENDING' | 'DELIVERED'
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

/** The way to devices that listen on a topic. */
export type Outlet = { listens(topic: string): boolean; publish(topic: string, payload: string): Promise<void> }

/** Commands to devices: an update of a command attribute becomes a message, and the device's answer its status. */
export type Commands = {
  /** Lets commands go out over MQTT; without, devices poll. */
  setOutlet(outlet: Outlet | undefined): void
  /** Sends what waits for a device, for all of a key or for all of the city, since it has just begun to listen. */
  flush(apiKey?: string, deviceId?: string): Promise<void>
  /** What waits for a device that polls; each is handed out once. */
  poll(apiKey: string, deviceId: string): Promise<readonly { readonly name: string; readonly value: Json }[]>
  /** The device's answer to a command. */
  answer(apiKey: string, deviceId: string, name: string, result: Json): Promise<void>
  close(): Promise<void>
}

export type CommandDeps = WriteDeps & {
  readonly changes: Changes
  readonly context: Context
  readonly log: Log
  readonly registry: Registry
  readonly rows: OwnRows
  readonly lastSequence: () => number
}

/**
 * Follows the changes from where it last was. A command is stored before it is sent, and marked as delivered before it leaves, so that after a crash it may be
 * lost, and then expires, but is never executed twice.
 */
export async function openCommands(deps: CommandDeps): Promise<Commands> {
  const { clock, context, log, registry, rows } = deps
  let outlet: Outlet | undefined
  const waiting = new Map<string, Command>()
  for (const { key, value } of await rows.list(undefined, area, kind)) waiting.set(key, { ...(value as unknown as Omit<Command, 'key'>), key })

  const kept = await rows.get('', area, 'position', 'commands')
  const follower = deps.changes.follow(typeof kept?.value === 'number' ? kept.value : deps.lastSequence(), take, (error) =>
    log.error('commands_failed', { error: String(error) }),
  )
  const timer = setInterval(() => void expire().catch((error: unknown) => log.warn('command_expiry_failed', { error: String(error) })), lookEveryMs)

  /** Stores the commands that some changes amount to, with the position behind them, then sends them. */
  async function take(changes: readonly OutboxRow[]): Promise<void> {
    const made = changes.flatMap(commandsOf)
    const position = changes.at(-1)?.sequence ?? 0
    if (made.length === 0) return
    await rows.write([
      ...made.map((command) => ({ put: rowOf(command) })),
      { put: { tenant: '', area, kind: 'position', key: 'commands', value: position } },
    ])
    for (const command of made) {
      waiting.set(command.key, command)
      await tell(command, 'PENDING')
      await send(command)
    }
  }

  function commandsOf({ change, sequence, tenant }: OutboxRow): readonly Command[] {
    if (change.kind === 'deleted' || change.kind === 'evolution' || change.cause.caller.startsWith('urn:cityloop:device:')) return []
    const device = registry.findByEntity(tenant, change.id)
    if (device === undefined) return []
    const group =
      device.apiKey === undefined
        ? registry.groups(tenant).find(({ entityType }) => entityType === device.entityType)
        : registry.findGroup(device.apiKey)
    const known = [...device.commands, ...(group?.commands ?? [])]
    return change.attributes.flatMap(({ name, after }) => {
      const mapping = known.find((command) => expandTerm(context, command.name) === name)
      if (mapping === undefined || after === undefined || group === undefined) return []
      const issuedAt = change.recordedAt
      const key = `${String(sequence).padStart(16, '0')}-${mapping.name}`
      return [
        {
          key,
          tenant,
          apiKey: group.apiKey,
          deviceId: device.deviceId,
          entityId: change.id,
          name: mapping.name,
          objectId: mapping.objectId,
          value: after.value,
          status: 'PENDING' as const,
          issuedAt,
          expiresAt: issuedAt + expiresAfterUs,
        },
      ]
    })
  }

  async function send(command: Command): Promise<void> {
    const device = registry.findDevice(command.apiKey, command.deviceId)
    if (outlet === undefined || device === undefined || device.transport === 'HTTP') return
    const protocol = device.protocol ?? registry.findGroup(command.apiKey)?.protocol ?? 'json'
    const topic = topicsOf(command, protocol).find((one) => outlet?.listens(one))
    if (topic === undefined) return
    await mark(command)
    await outlet.publish(topic, payloadOf(command, protocol))
  }

  async function mark(command: Command): Promise<void> {
    const delivered: Command = { ...command, status: 'DELIVERED' }
    waiting.set(command.key, delivered)
    await rows.write([{ put: rowOf(delivered) }])
    await tell(command, 'DELIVERED')
  }

  async function finish(command: Command, status: 'OK' | 'ERROR' | 'EXPIRED', info?: Json): Promise<void> {
    waiting.delete(command.key)
    await rows.write([{ delete: { tenant: command.tenant, area, kind, key: command.key } }])
    await tell(command, status, info)
  }

  async function expire(): Promise<void> {
    const now = clock.now()
    for (const command of waiting.values()) if (command.expiresAt <= now) await finish(command, 'EXPIRED')
  }

  /** Puts the status, and what the device said, beside the command attribute. */
  async function tell({ deviceId, entityId, name, tenant }: Command, status: string, info?: Json): Promise<void> {
    const observedAt = clock.now()
    const attributes = {
      [expandTerm(context, `${name}_status`)]: [{ kind: 'Property' as const, value: status, observedAt }],
      ...(info === undefined ? {} : { [expandTerm(context, `${name}_info`)]: [{ kind: 'Property' as const, value: info, observedAt }] }),
    }
    await writeEntities(deps, { id: `urn:cityloop:device:${encodeURIComponent(deviceId)}`, tenant }, [
      { kind: 'updateAttributes', entity: { id: entityId, types: [], attributes } },
    ])
  }

  const ofDevice = (apiKey: string, deviceId: string): readonly Command[] =>
    [...waiting.values()].filter((command) => command.apiKey === apiKey && command.deviceId === deviceId)

  return {
    setOutlet: (given) => void (outlet = given),
    async flush(apiKey, deviceId) {
      const waitingOnes = [...waiting.values()].filter(
        (command) => (apiKey === undefined || command.apiKey === apiKey) && (deviceId === undefined || command.deviceId === deviceId),
      )
      for (const command of waitingOnes) if (command.status === 'PENDING') await send(command)
    },
    async poll(apiKey, deviceId) {
      const pending = ofDevice(apiKey, deviceId).filter(({ status }) => status === 'PENDING')
      for (const command of pending) await mark(command)
      return pending.map(({ objectId, value }) => ({ name: objectId, value }))
    },
    async answer(apiKey, deviceId, name, result) {
      const command = ofDevice(apiKey, deviceId).find(({ objectId, status }) => objectId === name && status === 'DELIVERED')
      if (command === undefined) return log.info('answer_without_command', { device: deviceId, command: name })
      const isError = typeof result === 'string' && /^error/i.test(result)
      await finish(command, isError ? 'ERROR' : 'OK', result)
    },
    async close() {
      clearInterval(timer)
      await follower.close()
    },
  }

  function rowOf({ key, ...value }: Command): { tenant: string; area: string; kind: string; key: string; value: Json; due: Instant } {
    return { tenant: value.tenant, area, kind, key, value: value, due: value.expiresAt }
  }
}

/** Where a device may listen for commands: with the protocol before the key, or without. */
function topicsOf({ apiKey, deviceId }: Command, protocol: Protocol): readonly string[] {
  return [`/${protocol === 'json' ? 'json' : 'ul'}/${apiKey}/${deviceId}/cmd`, `/${apiKey}/${deviceId}/cmd`]
}

/** The agents' wire forms: `{"name": value}`, or `device@name|value`. */
function payloadOf({ deviceId, objectId, value }: Command, protocol: Protocol): string {
  return protocol === 'json'
    ? JSON.stringify({ [objectId]: value })
    : `${deviceId}@${objectId}|${typeof value === 'string' ? value : JSON.stringify(value)}`
}
