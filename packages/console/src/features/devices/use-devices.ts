import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ApiError, readJson, writeJson } from '../../api/client.ts'
import type { Device, ServiceGroup } from './provisioning.ts'

const atOnce = 200

/** All devices of the tenant by id. */
export function useDevices(tenant: string | null): UseQueryResult<readonly Device[]> {
  return useQuery({
    queryKey: ['devices', tenant],
    queryFn: async ({ signal }) => {
      const { body } = await readJson<{ devices: readonly Device[] }>('/iot/devices', { tenant, signal })
      return body.devices.toSorted((a, b) => a.device_id.localeCompare(b.device_id, undefined, { numeric: true }))
    },
  })
}

/** One device; null where there is none by that id. */
export function useDevice(tenant: string | null, deviceId: string): UseQueryResult<Device | null> {
  return useQuery({
    queryKey: ['devices', tenant, deviceId],
    queryFn: async ({ signal }) => {
      try {
        return (await readJson<Device>(`/iot/devices/${encodeURIComponent(deviceId)}`, { tenant, signal })).body
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
}

/** How a device does: `unreachable` is one behind a gateway that is silent, `drifting` one that is off its neighbours. */
export type DeviceState = 'ok' | 'silent' | 'unreachable' | 'drifting'

/** What the server knows of a device's health. `batteryLevel` is a fraction of one. */
export type DeviceHealth = {
  readonly deviceId: string
  readonly state: DeviceState
  readonly lastSeen?: string
  readonly expectedIntervalS: number
  readonly batteryLevel?: number
  /** Id of the gateway it speaks through. */
  readonly gateway?: string
}

/** The health of the devices that were heard, by device id. */
export function useHealth(tenant: string | null): ReadonlyMap<string, DeviceHealth> {
  const query = useQuery({
    queryKey: ['device-health', tenant],
    queryFn: async ({ signal }) => (await readJson<{ devices: readonly DeviceHealth[] }>('/api/devices', { tenant, signal })).body.devices,
    refetchInterval: 15_000,
  })
  const devices = query.data
  return useMemo(() => new Map((devices ?? []).map((device) => [device.deviceId, device])), [devices])
}

/** All service groups of the tenant by key. */
export function useServiceGroups(tenant: string | null): UseQueryResult<readonly ServiceGroup[]> {
  return useQuery({
    queryKey: ['service-groups', tenant],
    queryFn: async ({ signal }) => {
      const { body } = await readJson<{ services: readonly ServiceGroup[] }>('/iot/services', { tenant, signal })
      return body.services.toSorted((a, b) => a.apikey.localeCompare(b.apikey))
    },
  })
}

/** Provisions devices, a few hundred a request. */
export function useProvision(tenant: string | null): UseMutationResult<unknown, Error, readonly Device[]> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (devices) => {
      for (let first = 0; first < devices.length; first += atOnce)
        await writeJson('POST', '/iot/devices', { tenant }, { devices: devices.slice(first, first + atOnce) })
    },
    onSettled: () => renew(client, 'devices', tenant),
  })
}

/** Stores a service group. */
export function usePutGroup(tenant: string | null): UseMutationResult<unknown, Error, ServiceGroup> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (group) => writeJson('POST', '/iot/services', { tenant }, { services: [group] }),
    onSettled: () => renew(client, 'service-groups', tenant),
  })
}

/** Deletes a device or a service group; what they measured stays. */
export function useForget(
  tenant: string | null,
): UseMutationResult<unknown, Error, { readonly kind: 'devices' | 'service-groups'; readonly id: string }> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ kind, id }) =>
      writeJson(
        'DELETE',
        kind === 'devices' ? `/iot/devices/${encodeURIComponent(id)}` : `/iot/services?${new URLSearchParams({ apikey: id, resource: '' })}`,
        { tenant },
      ),
    onSettled: (_done, _error, { kind }) => renew(client, kind, tenant),
  })
}

async function renew(client: ReturnType<typeof useQueryClient>, kind: string, tenant: string | null): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: [kind, tenant] }),
    // The command panel asks by entity.
    client.invalidateQueries({ queryKey: ['commands', tenant] }),
  ])
}
