import type { Protocol } from './provisioning.ts'

/** What a topic of a device says: `/json/<apikey>/<device>/attrs[/<attribute>]`, `/ul/...`, or without a prefix the protocol of the service group. */
export type MeasureTopic = {
  readonly apiKey: string
  readonly deviceId: string
  readonly protocol: Protocol | undefined
  readonly attribute?: string
}

const form = /^\/?(?:(json|ul)\/)?([^/+#]+)\/([^/+#]+)\/attrs(?:\/([^/+#]+))?$/

/** The device and attribute that a topic names, or `undefined` for a topic of no measure. */
export function parseMeasureTopic(topic: string): MeasureTopic | undefined {
  const match = form.exec(topic)
  if (match === null) return undefined
  const [, prefix, apiKey = '', deviceId = '', attribute] = match
  return {
    apiKey,
    deviceId,
    protocol: prefix === undefined ? undefined : prefix === 'json' ? 'json' : 'ultralight',
    ...(attribute === undefined ? {} : { attribute }),
  }
}

/** The API key whose topics a topic or filter belongs to, or `undefined` where it may reach beyond one. */
export function keyOfFilter(filter: string): string | undefined {
  const levels = filter.replace(/^\//, '').split('/')
  const key = levels[0] === 'json' || levels[0] === 'ul' ? levels[1] : levels[0]
  return key === undefined || key === '' || key.includes('+') || key.includes('#') || key.startsWith('$') ? undefined : key
}
