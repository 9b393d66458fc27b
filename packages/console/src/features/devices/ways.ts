import type { Device, ServiceGroup } from './provisioning.ts'

/** Where a device sends and listens. */
export type Ways = {
  readonly topics: readonly { readonly kind: 'measures' | 'http' | 'commands' | 'answers'; readonly topic: string }[]
  /** A line for a shell that sends a made-up measure over HTTP. */
  readonly example: string
}

/** The topics and addresses of a device in the agents' conventions, at the server of that origin; null without an API key, or for what only speaks through a network server. */
export function waysOf(device: Device, group: ServiceGroup | null, origin: string): Ways | null {
  const apiKey = device.apikey ?? group?.apikey
  if (apiKey === undefined || (device.codec ?? group?.codec) !== undefined) return null
  const isUltralight = /ultralight|^ul/i.test(device.protocol ?? group?.protocol ?? 'json')
  const prefix = isUltralight ? 'ul' : 'json'
  const names = [...(device.attributes ?? []), ...(group?.attributes ?? [])].map(({ name, object_id: id }) => id ?? name)
  const measured = names[0] ?? 'value'
  const query = `k=${encodeURIComponent(apiKey)}&i=${encodeURIComponent(device.device_id)}`
  const http = `${origin}/iot/${isUltralight ? 'd' : 'json'}?${query}`
  const commands = (device.commands ?? group?.commands ?? []).length > 0
  const [type, body] = isUltralight ? ['text/plain', `${measured}|1`] : ['application/json', JSON.stringify({ [measured]: 1 })]
  return {
    topics: [
      { kind: 'measures', topic: `/${prefix}/${apiKey}/${device.device_id}/attrs` },
      { kind: 'http', topic: http },
      ...(commands
        ? ([
            { kind: 'commands', topic: `/${apiKey}/${device.device_id}/cmd` },
            { kind: 'answers', topic: `/${prefix}/${apiKey}/${device.device_id}/cmdexe` },
          ] as const)
        : []),
    ],
    example: `curl -X POST '${http}' -H 'content-type: ${type}' -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  }
}
