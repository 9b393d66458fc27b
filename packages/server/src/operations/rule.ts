import { badRequest, isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical'

/** A rule as data. Names are in our own words; times in seconds. */
export type Rule = {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly severity: Severity
  readonly isActive: boolean
} & (
  | {
      readonly kind: 'threshold'
      readonly attribute: string
      readonly above: boolean
      readonly limit: number
      /** The alert clears when the value is back beyond this: the hysteresis. */
      readonly clearLimit: number
    }
  | {
      readonly kind: 'rate'
      readonly attribute: string
      /** Raised when the value changes faster than this many units an hour, up or down; cleared below half of it. */
      readonly limitPerHour: number
    }
  | {
      readonly kind: 'absence'
      /** Absent: any observed attribute. */
      readonly attribute?: string
      readonly afterS: number
    }
  | {
      readonly kind: 'state'
      readonly attribute: string
      /** Raised while the attribute is one of these words: how a device's own expected interval makes its silence an alert. */
      readonly values: readonly string[]
    }
)

const severities: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical']
const members: Readonly<Record<string, readonly string[]>> = {
  threshold: ['attribute', 'above', 'limit', 'clearLimit'],
  rate: ['attribute', 'limitPerHour'],
  absence: ['attribute', 'afterS'],
  state: ['attribute', 'values'],
}
const shared = new Set(['id', 'title', 'type', 'severity', 'isActive', 'kind'])

/** Reads a rule. Throws `BadRequestData`, naming the member. */
export function parseRule(value: unknown): Rule {
  if (!isJsonObject(value)) throw badRequest('A rule must be an object')
  const kind = value['kind']
  const own = typeof kind === 'string' && Object.hasOwn(members, kind) ? members[kind] : undefined
  if (own === undefined) throw badRequest(`kind must be threshold, rate, absence or state, not ${JSON.stringify(kind)}`)
  for (const name of Object.keys(value)) if (!shared.has(name) && !own.includes(name)) throw badRequest(`A rule of this kind has no member ${name}`)
  const head = {
    id: text(value, 'id'),
    title: text(value, 'title'),
    type: text(value, 'type'),
    severity: parseSeverity(value['severity'] ?? 'medium'),
    isActive: value['isActive'] !== false,
  }
  switch (kind) {
    case 'threshold': {
      const limit = number(value, 'limit')
      const above = value['above'] !== false
      const clearLimit = value['clearLimit'] === undefined ? limit : number(value, 'clearLimit')
      if (above ? clearLimit > limit : clearLimit < limit)
        throw badRequest(`clearLimit must be ${above ? 'at most' : 'at least'} limit, which is ${limit}, not ${clearLimit}`)
      return { ...head, kind, attribute: text(value, 'attribute'), above, limit, clearLimit }
    }
    case 'rate':
      return { ...head, kind, attribute: text(value, 'attribute'), limitPerHour: positive(value, 'limitPerHour') }
    case 'state': {
      const { values } = value
      if (!Array.isArray(values) || values.length === 0 || !(values as readonly Json[]).every((one) => typeof one === 'string'))
        throw badRequest(`values must be a list of at least one text, not ${JSON.stringify(values)}`)
      return { ...head, kind, attribute: text(value, 'attribute'), values: values as readonly string[] }
    }
    default:
      return {
        ...head,
        kind: 'absence',
        afterS: positive(value, 'afterS'),
        ...(value['attribute'] === undefined ? {} : { attribute: text(value, 'attribute') }),
      }
  }
}

function parseSeverity(value: Json): Severity {
  if (typeof value !== 'string' || !severities.includes(value))
    throw badRequest(`severity must be ${severities.join(', ')}, not ${JSON.stringify(value)}`)
  return value as Severity
}

function text(value: JsonObject, name: string): string {
  const found = value[name]
  if (typeof found !== 'string' || found === '') throw badRequest(`${name} must be a text, not ${JSON.stringify(found)}`)
  return found
}

function number(value: JsonObject, name: string): number {
  const found = value[name]
  if (typeof found !== 'number') throw badRequest(`${name} must be a number, not ${JSON.stringify(found)}`)
  return found
}

function positive(value: JsonObject, name: string): number {
  const found = number(value, name)
  if (!(found > 0)) throw badRequest(`${name} must be above 0, not ${found}`)
  return found
}
