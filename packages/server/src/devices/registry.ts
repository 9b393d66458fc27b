import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { OwnRowWrite, OwnRows } from '#store/rows.ts'
import { parseDevice, parseServiceGroup } from './provisioning.ts'
import type { Device, ServiceGroup } from './provisioning.ts'

const area = 'devices'

/** The provisioned service groups and devices of all tenants, in memory and in own rows. */
export type Registry = {
  findGroup(apiKey: string): ServiceGroup | undefined
  findDevice(apiKey: string, deviceId: string): Device | undefined
  /** The API key of the LoRaWAN device with an EUI (16 hexadecimal digits, in lower case). */
  findByEui(eui: string): string | undefined
  findByEntity(tenant: string, entityId: string): Device | undefined
  groups(tenant: string): readonly ServiceGroup[]
  devices(tenant: string): readonly Device[]
  /** Of all tenants. */
  everyDevice(): Iterable<Device>
  putGroup(group: ServiceGroup): Promise<void>
  putDevice(device: Device): Promise<void>
  /** All in one commit, or none. */
  putAll(groups: readonly ServiceGroup[], devices: readonly Device[]): Promise<void>
  /** Throws `ResourceNotFound`. */
  deleteGroup(tenant: string, apiKey: string): Promise<void>
  deleteDevice(tenant: string, deviceId: string): Promise<void>
}

/** Loads what is kept. Groups are found by their API key alone, so a key belongs to one tenant. */
export async function openRegistry(rows: OwnRows): Promise<Registry> {
  const groups = new Map<string, ServiceGroup>()
  const devices = new Map<string, Map<string, Device>>()
  const byEntity = new Map<string, Device>()

  for (const { tenant, key, value } of await rows.list(undefined, area, 'group'))
    groups.set(key, parseServiceGroup(documentOf(value), tenant, pathOf(value)))
  for (const { tenant, value } of await rows.list(undefined, area, 'device')) remember(parseDevice(documentOf(value), tenant, pathOf(value)))

  function ofTenant(tenant: string): Map<string, Device> {
    const known = devices.get(tenant) ?? new Map<string, Device>()
    devices.set(tenant, known)
    return known
  }

  /** The key a device states, or that of the group of its type. */
  function apiKeyOf({ apiKey, entityType, tenant }: Device): string | undefined {
    return apiKey ?? [...groups.values()].find((group) => group.tenant === tenant && group.entityType === entityType)?.apiKey
  }

  function remember(device: Device): void {
    ofTenant(device.tenant).set(device.deviceId, device)
    byEntity.set(`${device.tenant}\n${device.entityName}`, device)
  }

  const put = (kind: string, tenant: string, key: string, document: Json, path: string): OwnRowWrite => ({
    put: { tenant, area, kind, key, value: { document, path } },
  })

  async function putAll(newGroups: readonly ServiceGroup[], newDevices: readonly Device[]): Promise<void> {
    for (const { apiKey, tenant } of newGroups) {
      const other = groups.get(apiKey)
      if (other !== undefined && other.tenant !== tenant) throw new NgsiLdError('AlreadyExists', `The API key ${apiKey} belongs to another tenant`)
    }
    await rows.write([
      ...newGroups.map(({ apiKey, document, path, tenant }) => put('group', tenant, apiKey, document, path)),
      ...newDevices.map(({ deviceId, document, path, tenant }) => put('device', tenant, deviceId, document, path)),
    ])
    for (const group of newGroups) groups.set(group.apiKey, group)
    for (const device of newDevices) remember(device)
  }

  return {
    findGroup: (apiKey) => groups.get(apiKey),
    findDevice(apiKey, deviceId) {
      const device = devices.get(groups.get(apiKey)?.tenant ?? '')?.get(deviceId)
      return device === undefined || (device.apiKey !== undefined && device.apiKey !== apiKey) ? undefined : device
    },
    findByEui(eui) {
      for (const known of devices.values()) {
        const device = known.get(eui)
        if (device !== undefined) return apiKeyOf(device)
      }
      return undefined
    },
    findByEntity: (tenant, entityId) => byEntity.get(`${tenant}\n${entityId}`),
    groups: (tenant) => [...groups.values()].filter((group) => group.tenant === tenant),
    devices: (tenant) => [...ofTenant(tenant).values()],
    *everyDevice() {
      for (const ofTenant of devices.values()) yield* ofTenant.values()
    },
    putGroup: (group) => putAll([group], []),
    putDevice: (device) => putAll([], [device]),
    putAll,
    async deleteGroup(tenant, apiKey) {
      if (groups.get(apiKey)?.tenant !== tenant) throw new NgsiLdError('ResourceNotFound', `There is no service group with the API key ${apiKey}`)
      await rows.write([{ delete: { tenant, area, kind: 'group', key: apiKey } }])
      groups.delete(apiKey)
    },
    async deleteDevice(tenant, deviceId) {
      if (!ofTenant(tenant).has(deviceId)) throw new NgsiLdError('ResourceNotFound', `Device ${deviceId} does not exist`)
      await rows.write([{ delete: { tenant, area, kind: 'device', key: deviceId } }])
      byEntity.delete(`${tenant}\n${ofTenant(tenant).get(deviceId)?.entityName ?? ''}`)
      ofTenant(tenant).delete(deviceId)
    },
  }
}

function documentOf(value: Json): Json {
  return (value as { readonly document: Json }).document
}

function pathOf(value: Json): string {
  return (value as { readonly path: string }).path
}
