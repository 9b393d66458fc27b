import { NgsiLdError, badRequest, isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import { isDeepStrictEqual } from 'node:util'
import type { OwnRows } from '#store/rows.ts'
import { Untakeable } from '../read-payload.ts'
import type { CodecResult, CodecSandbox } from './codec-sandbox.ts'
import type { Uplink } from './read-uplink.ts'

const area = 'devices'
const kind = 'codec'
const mostCharacters = 256 * 1024

/** A vendor's example: bytes in hexadecimal, and the fields that they mean. */
export type CodecExample = { readonly hex: string; readonly fPort: number; readonly expected: JsonObject }

/** A payload codec, kept with the examples it must pass. */
export type Codec = { readonly name: string; readonly source: string; readonly examples: readonly CodecExample[] }

/** The codecs of all tenants. */
export type Codecs = {
  list(tenant: string): readonly Codec[]
  /** Throws `ResourceNotFound`. */
  get(tenant: string, name: string): Codec
  /** Keeps a codec if it passes its examples. Throws `BadRequestData`, naming the example that fails. */
  put(tenant: string, name: string, document: unknown): Promise<Codec>
  delete(tenant: string, name: string): Promise<void>
  /** Runs code on bytes; a failure is a value. */
  run(source: string, uplink: Pick<Uplink, 'bytes' | 'fPort' | 'time'>): Promise<CodecResult>
  /** The fields of an uplink by a codec's name. Throws `Untakeable` with the codec's rule. */
  decode(tenant: string, name: string, uplink: Uplink): Promise<JsonObject>
  close(): Promise<void>
}

/** Loads what is kept. */
export async function openCodecs(rows: OwnRows, sandbox: CodecSandbox): Promise<Codecs> {
  const codecs = new Map<string, Codec>()
  const keyOf = (tenant: string, name: string): string => `${tenant}\n${name}`
  for (const { key, tenant, value } of await rows.list(undefined, area, kind)) codecs.set(keyOf(tenant, key), parseCodec(key, value))

  function get(tenant: string, name: string): Codec {
    const found = codecs.get(keyOf(tenant, name))
    if (found === undefined) throw new NgsiLdError('ResourceNotFound', `There is no codec ${name}`)
    return found
  }

  const run: Codecs['run'] = (source, { bytes, fPort, time }) =>
    sandbox.run({ source, bytes, fPort, ...(time === undefined ? {} : { receivedAt: time }) })

  return {
    list: (tenant) => [...codecs].filter(([key]) => key.startsWith(`${tenant}\n`)).map(([, codec]) => codec),
    get,
    async put(tenant, name, document) {
      const codec = parseCodec(name, document)
      for (const [index, { expected, fPort, hex }] of codec.examples.entries()) {
        const result = await run(codec.source, { bytes: parseHex(hex), fPort })
        if (result.kind === 'failed') throw badRequest(`Example ${index + 1} (${hex}) fails: ${result.detail}`)
        if (!isDeepStrictEqual(result.fields, expected))
          throw badRequest(`Example ${index + 1} (${hex}) gives ${JSON.stringify(result.fields)}, not ${JSON.stringify(expected)}`)
      }
      const { examples, source } = codec
      await rows.write([{ put: { tenant, area, kind, key: name, value: { source, examples } } }])
      codecs.set(keyOf(tenant, name), codec)
      return codec
    },
    async delete(tenant, name) {
      get(tenant, name)
      await rows.write([{ delete: { tenant, area, kind, key: name } }])
      codecs.delete(keyOf(tenant, name))
    },
    run,
    async decode(tenant, name, uplink) {
      const codec = codecs.get(keyOf(tenant, name))
      if (codec === undefined) throw new Untakeable('codec-missing', `There is no codec ${name}`)
      const result = await run(codec.source, uplink)
      if (result.kind === 'failed') throw new Untakeable(result.rule, result.detail)
      return result.fields
    },
    close: () => sandbox.close(),
  }
}

/** Bytes written in hexadecimal, with or without spaces. Throws `BadRequestData`. */
export function parseHex(text: unknown): Uint8Array {
  const digits = typeof text === 'string' ? text.replaceAll(/^0x|[\s:-]/gi, '') : ''
  if (typeof text !== 'string' || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits))
    throw badRequest(`hex must be pairs of hexadecimal digits, not ${JSON.stringify(text)}`)
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

function parseCodec(name: string, value: unknown): Codec {
  if (!isJsonObject(value)) throw badRequest('A codec must be an object')
  const { examples = [], source } = value
  if (typeof source !== 'string' || source === '') throw badRequest('source must be the code of the codec')
  if (source.length > mostCharacters) throw badRequest(`source has ${source.length} characters, more than ${mostCharacters}`)
  if (!Array.isArray(examples)) throw badRequest('examples must be a list')
  return { name, source, examples: (examples as readonly Json[]).map(parseExample) }
}

function parseExample(value: Json): CodecExample {
  if (!isJsonObject(value)) throw badRequest('An example must be an object')
  const { expected, fPort = 1, hex } = value
  if (typeof hex !== 'string') throw badRequest(`hex must be pairs of hexadecimal digits, not ${JSON.stringify(hex)}`)
  parseHex(hex)
  if (typeof fPort !== 'number') throw badRequest(`fPort must be a number, not ${JSON.stringify(fPort)}`)
  if (!isJsonObject(expected)) throw badRequest('expected must be the fields that the bytes mean')
  return { hex, fPort, expected }
}
