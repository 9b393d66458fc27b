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

const commandForm = /^\/?(?:(?:json|ul)\/)?([^/+#]+)\/([^/+#]+)\/(cmd|cmdexe)$/

/** The device that a command topic is of: `cmd` goes to it, `cmdexe` is its answer. */
export function parseCommandTopic(
  topic: string,
): { readonly apiKey: string; readonly deviceId: string; readonly kind: 'cmd' | 'cmdexe' } | undefined {
  const match = commandForm.exec(topic)
  return match === null ? undefined : { apiKey: match[1] ?? '', deviceId: match[2] ?? '', kind: match[3] as 'cmd' | 'cmdexe' }
}

/** What an answer says of each command, in JSON or UltraLight (`device@name|result`); nothing where it is neither. */
export function parseAnswer(payload: Uint8Array): readonly (readonly [name: string, result: string])[] {
  const text = Buffer.from(payload).toString('utf8')
  if (text.trimStart().startsWith('{')) {
    const document = readJson(text)
    return Object.entries(document).map(([name, result]) => [name, typeof result === 'string' ? result : JSON.stringify(result)] as const)
  }
  const match = /^[^@]*@([^|]+)\|(.*)$/s.exec(text)
  return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** The API key whose topics a topic or filter belongs to, or `undefined` where it may reach beyond one. */
export function keyOfFilter(filter: string): string | undefined {
  const levels = filter.replace(/^\//, '').split('/')
  const key = levels[0] === 'json' || levels[0] === 'ul' ? levels[1] : levels[0]
  return key === undefined || key === '' || key.includes('+') || key.includes('#') || key.startsWith('$') ? undefined : key
}

const uplinkForms = [/^application\/[^/+#]+\/device\/([^/+#]+)\/(?:event\/up|rx)$/, /^v3\/[^/+#]+\/devices\/([^/+#]+)\/up$/]

/** The device that an uplink's topic names, in the words of its network server: ChirpStack 3 and 4, or The Things Stack 3. */
export function parseUplinkTopic(topic: string): string | undefined {
  for (const uplink of uplinkForms) {
    const match = uplink.exec(topic)
    if (match !== null) return match[1]
  }
  return undefined
}

/** Whether a topic is one of those that a filter with `+` and `#` means (MQTT 3.1.1, 4.7); topics that begin with `$` are in no wildcard at the first level. */
export function matchesFilter(filter: string, topic: string): boolean {
  if (filter === topic) return true
  const [wanted, levels] = [filter.split('/'), topic.split('/')]
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return wanted.length === levels.length
}

/** The API key of a filter that means the commands of all its devices: `/<apikey>/+/cmd`, or with a protocol before it. */
export function keyOfCommandFilter(filter: string): string | undefined {
  return /^\/?(?:(?:json|ul)\/)?([^/+#]+)\/\+\/cmd$/.exec(filter)?.[1]
}
