import { parentPort } from 'node:worker_threads'
import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import { getQuickJS } from 'quickjs-emscripten'
import type { QuickJSWASMModule } from 'quickjs-emscripten'
import { parseCrossed } from './codec-sandbox.ts'
import type { CodecAnswer, CodecResult, CodecRun, CodecWork } from './codec-sandbox.ts'

/** The walls of one run. Time is that of the processor, so that a good codec passes on a busy machine too; the clock's wall is wider. */
const timeMs = 100
const wallMs = 1000
const memoryBytes = 16 * 1024 * 1024
const stackBytes = 256 * 1024
const mostCharacters = 64 * 1024

/** Calls whichever function the codec has: TS013's, The Things Network's former one, or ChirpStack's former one. */
const callCodec = `JSON.stringify((function () {
  var input = JSON.parse(__input)
  if (typeof decodeUplink === 'function')
    return { shape: 'TS013', value: decodeUplink({ bytes: input.bytes, fPort: input.fPort, recvTime: input.time === undefined ? undefined : new Date(input.time) }) }
  if (typeof Decoder === 'function') return { shape: 'plain', value: Decoder(input.bytes, input.fPort) }
  if (typeof Decode === 'function') return { shape: 'plain', value: Decode(input.fPort, input.bytes, {}) }
  return { shape: 'none' }
})())`

const engine = await getQuickJS()
// The first run is slower, and shall be nobody's.
decode(engine, { source: 'function Decoder() { return {} }', bytes: new Uint8Array(), fPort: 1 })
parentPort?.on('message', ({ id, run }: CodecWork) => parentPort?.postMessage({ id, result: decode(engine, run) } satisfies CodecAnswer))
parentPort?.postMessage('ready')

function threadCpuMs(): number {
  const { system, user } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Runs a codec in an engine of its own: nothing of one run is seen by the next. */
function decode(quickjs: QuickJSWASMModule, { bytes, fPort, receivedAt, source }: CodecRun): CodecResult {
  const runtime = quickjs.newRuntime()
  runtime.setMemoryLimit(memoryBytes)
  runtime.setMaxStackSize(stackBytes)
  const context = runtime.newContext()
  const [startMs, cpuStartMs] = [performance.now(), threadCpuMs()]
  let isStopped = false
  runtime.setInterruptHandler(() => (isStopped = threadCpuMs() - cpuStartMs > timeMs || performance.now() - startMs > wallMs))
  const failed = (dumped: unknown): CodecResult => {
    const detail = describe(dumped)
    if (isStopped) return { kind: 'failed', rule: 'codec-time', detail: `The codec ran longer than ${timeMs} ms and was stopped` }
    if (/out of memory/i.test(detail))
      return { kind: 'failed', rule: 'codec-memory', detail: `The codec wanted more than ${memoryBytes / 1024 / 1024} MiB` }
    return { kind: 'failed', rule: 'codec-error', detail: `The codec fails: ${detail}` }
  }
  try {
    const input = context.newString(JSON.stringify({ bytes: [...bytes], fPort, time: receivedAt }))
    context.setProp(context.global, '__input', input)
    input.dispose()
    for (const code of [source, callCodec]) {
      const result = context.evalCode(code, 'codec.js')
      if (result.error) {
        const dumped: unknown = context.dump(result.error)
        result.error.dispose()
        return failed(dumped)
      }
      const text = code === callCodec ? context.getString(result.value) : undefined
      result.value.dispose()
      if (text === undefined) continue
      if (text.length > mostCharacters)
        return { kind: 'failed', rule: 'codec-memory', detail: `The codec gave ${text.length} characters, more than ${mostCharacters}` }
      return read(parseCrossed(text))
    }
    throw new Error('A codec is called after it is read')
  } catch (error) {
    return failed(error)
  } finally {
    try {
      context.dispose()
      runtime.dispose()
    } catch {
      // An engine that was stopped in the midst of its work cannot always be taken apart; the worker is replaced when it grows.
    }
  }
}

function read(crossed: Json): CodecResult {
  const { shape, value } = isJsonObject(crossed) ? crossed : {}
  if (shape === 'none') return { kind: 'failed', rule: 'codec-error', detail: 'The codec has no function decodeUplink, Decoder or Decode' }
  if (shape === 'plain') {
    if (!isJsonObject(value)) return { kind: 'failed', rule: 'codec-error', detail: `The codec gave ${JSON.stringify(value)}, no object` }
    return { kind: 'decoded', fields: value, warnings: [] }
  }
  if (!isJsonObject(value)) return { kind: 'failed', rule: 'codec-error', detail: `decodeUplink gave ${JSON.stringify(value)}, no object` }
  const texts = (name: string): readonly string[] => (Array.isArray(value[name]) ? (value[name] as readonly Json[]).map(String) : [])
  if (texts('errors').length > 0)
    return { kind: 'failed', rule: 'codec-error', detail: `The codec refuses the message: ${texts('errors').join('; ')}` }
  const { data } = value
  if (!isJsonObject(data)) return { kind: 'failed', rule: 'codec-error', detail: 'decodeUplink gave neither data nor errors' }
  return { kind: 'decoded', fields: data, warnings: texts('warnings') }
}

function describe(dumped: unknown): string {
  if (dumped instanceof Error) return dumped.message
  if (typeof dumped === 'object' && dumped !== null && 'message' in dumped) {
    const { message, name } = dumped as { readonly message: unknown; readonly name?: unknown }
    return `${typeof name === 'string' ? `${name}: ` : ''}${String(message)}`
  }
  return String(dumped)
}
