import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import type { Protocol } from './provisioning.ts'

/** One set of values that a device measured at once; `timestamp` is its own word for when, if it gave one. */
export type Measure = { readonly values: ReadonlyMap<string, Json>; readonly timestamp?: string }

/** Why a message cannot be taken: the rule that refused it, by a fixed name, and what is so. */
export class Untakeable extends Error {
  readonly rule: string

  constructor(rule: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Untakeable'
    this.rule = rule
  }
}

const mostMeasures = 1000
const mostCharacters = 256 * 1024

/**
 * Reads a payload: JSON is an object or array of objects; UltraLight 2.0 is `t|15|k|abc`, groups by `#`, a time before them by `2026-…Z|`. Throws `Untakeable`.
 */
export function readPayload(payload: Uint8Array, protocol: Protocol): readonly Measure[] {
  if (payload.length > mostCharacters) throw new Untakeable('payload-size', `The payload has ${payload.length} bytes, more than ${mostCharacters}`)
  const text = decode(payload)
  const measures = protocol === 'json' ? readJson(text) : readUltraLight(text)
  if (measures.length > mostMeasures) throw new Untakeable('payload-size', `The payload has ${measures.length} measures, more than ${mostMeasures}`)
  return measures
}

/** A single value, as sent to `/<apikey>/<device>/attrs/<attribute>`. */
export function readValue(payload: Uint8Array): Json {
  const text = decode(payload)
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function decode(payload: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload)
  } catch (error) {
    throw new Untakeable('payload-text', 'The payload is no UTF-8 text', { cause: error })
  }
}

function readJson(text: string): readonly Measure[] {
  let document: Json
  try {
    document = JSON.parse(text) as Json
  } catch (error) {
    throw new Untakeable('payload-json', `The payload is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return (Array.isArray(document) ? (document as readonly Json[]) : [document]).map((item) => {
    if (!isJsonObject(item)) throw new Untakeable('payload-form', `A measure must be a JSON object, not ${JSON.stringify(item).slice(0, 60)}`)
    return toMeasure(new Map(Object.entries(item)), timeOf(item))
  })
}

function timeOf(item: JsonObject): string | undefined {
  const stated = item['TimeInstant'] ?? item['timestamp']
  return typeof stated === 'string' ? stated : undefined
}

function readUltraLight(text: string): readonly Measure[] {
  return text
    .trim()
    .split('#')
    .map((group) => {
      const parts = group.split('|')
      const timestamp = /^\d{4}-\d{2}-\d{2}T/.test(parts[0] ?? '') && parts.length % 2 === 1 ? parts.shift() : undefined
      if (parts.length < 2 || parts.length % 2 === 1)
        throw new Untakeable('payload-ultralight', `A group of UltraLight has names and values in turn, not ${JSON.stringify(group.slice(0, 60))}`)
      const values = new Map<string, Json>()
      for (let index = 0; index < parts.length; index += 2) values.set(parts[index] ?? '', scalar(parts[index + 1] ?? ''))
      return toMeasure(values, timestamp)
    })
}

function scalar(text: string): Json {
  if (text !== '' && !Number.isNaN(Number(text)) && /^[-+.\d]/.test(text)) return Number(text)
  return text === 'true' ? true : text === 'false' ? false : text
}

function toMeasure(values: Map<string, Json>, timestamp: string | undefined): Measure {
  values.delete('TimeInstant')
  if (timestamp !== undefined) values.delete('timestamp')
  return { values, ...(timestamp === undefined ? {} : { timestamp }) }
}
