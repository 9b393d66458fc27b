import { useMutation, useQuery } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import { readJson, writeJson } from '../../api/client.ts'

type Named = { readonly name: string }
type Device = { readonly device_id: string; readonly apikey?: string; readonly entity_name: string; readonly commands?: readonly Named[] }
type Group = { readonly apikey: string; readonly entity_type?: string; readonly type?: string; readonly commands?: readonly Named[] }

/** A device and the commands it understands. */
export type Commandable = { readonly deviceId: string; readonly commands: readonly string[] }

/** The device behind an entity with what it can be told; null where no device is behind it, or not known yet. */
export function useCommands(tenant: string | null, entityId: string, type: string): Commandable | null {
  const query = useQuery({
    queryKey: ['commands', tenant, entityId],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Commandable | null> => {
      const search = new URLSearchParams({ entity: entityId, limit: '10' })
      const [{ body: known }, { body: groups }] = await Promise.all([
        readJson<{ devices: readonly Device[] }>(`/iot/devices?${search}`, { tenant, signal }),
        readJson<{ services: readonly Group[] }>('/iot/services', { tenant, signal }),
      ])
      const device = known.devices.find(({ entity_name: name }) => name === entityId)
      if (device === undefined) return null
      const group = groups.services.find(({ apikey, entity_type: entityType, type: other }) =>
        device.apikey === undefined ? (entityType ?? other) === type : apikey === device.apikey,
      )
      const commands = [...new Set([...(device.commands ?? []), ...(group?.commands ?? [])].map(({ name }) => name))]
      return { deviceId: device.device_id, commands }
    },
  })
  return query.data ?? null
}

/** Gives a command: an update of the command attribute, which the server turns into a message to the device. */
export function useCommand(
  tenant: string | null,
  entityId: string,
): UseMutationResult<unknown, Error, { readonly name: string; readonly value: unknown }> {
  return useMutation({
    mutationFn: ({ name, value }) =>
      writeJson('POST', `/ngsi-ld/v1/entities/${encodeURIComponent(entityId)}/attrs`, { tenant }, { [name]: { type: 'Property', value } }),
  })
}
