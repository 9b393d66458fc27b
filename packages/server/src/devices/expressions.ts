import type { Json } from '@cityloop/ngsi-ld'
import { Jexl } from 'jexl'
import type { Device } from './provisioning.ts'
import { Untakeable } from './read-payload.ts'

/** Evaluates an expression of a mapping over the values of a measure; `undefined` where a name it uses has no value. Throws `Untakeable`, quoting it. */
export type EvaluateExpression = (expression: string, values: ReadonlyMap<string, Json>, device: Device) => Json | undefined

const mostCharacters = 1000

/** The transforms that FIWARE's IoT Agents add to JEXL, as far as they need neither the clock nor a time zone of the machine. */
const transforms: Readonly<Record<string, (value: never, ...rest: never[]) => unknown>> = {
  jsonparse: (text: string) => JSON.parse(text) as unknown,
  jsonstringify: (value: unknown) => JSON.stringify(value),
  indexOf: (value: unknown, part: string) => String(value).indexOf(part),
  length: (value: unknown) => (Array.isArray(value) ? value.length : String(value).length),
  trim: (value: unknown) => String(value).trim(),
  substr: (value: unknown, from: number, to?: number) => String(value).slice(from, to),
  addreduce: (values: number[]) => values.reduce((sum, value) => sum + value, 0),
  lengtharray: (values: unknown[]) => values.length,
  typeof: (value: unknown) => typeof value,
  isarray: (value: unknown) => Array.isArray(value),
  isnan: (value: number) => Number.isNaN(value),
  parseint: (value: string) => Number.parseInt(value, 10),
  parsefloat: (value: string) => Number.parseFloat(value),
  toisodate: (value: number | string) => new Date(value).toISOString(),
  timeoffset: (value: string) => new Date(value).getTimezoneOffset(),
  tostring: (value: unknown) => String(value),
  urlencode: (value: string) => encodeURIComponent(value),
  urldecode: (value: string) => decodeURIComponent(value),
  replacestr: (value: unknown, from: string, to: string) => String(value).replaceAll(from, to),
  concatarr: (values: unknown[], more: unknown[]) => values.concat(more),
  mapper: (value: unknown, choices: unknown[], results: unknown[]) => results[choices.indexOf(value)],
  thmapper: (value: number, limits: number[], results: unknown[]) => results[limits.findIndex((limit) => value <= limit)] ?? results[limits.length],
  bitwisemask: (value: number, mask: number, op: string, shift: number) =>
    (op === '&' ? value & mask : op === '|' ? value | mask : value ^ mask) >> shift,
  slice: (value: unknown[] | string, from: number, to?: number) => value.slice(from, to),
  addset: (values: unknown[], one: unknown) => [...new Set([...values, one])],
  removeset: (values: unknown[], one: unknown) => values.filter((value) => value !== one),
  touppercase: (value: unknown) => String(value).toUpperCase(),
  tolowercase: (value: unknown) => String(value).toLowerCase(),
  round: (value: number) => Math.round(value),
  floor: (value: number) => Math.floor(value),
  ceil: (value: number) => Math.ceil(value),
  tofixed: (value: unknown, digits: number) => Number(value).toFixed(digits),
  gettime: (value: string) => new Date(value).getTime(),
}

/** Makes the evaluator: own properties alone are seen, so that no expression reaches a prototype. */
export function createExpressions(): EvaluateExpression {
  const jexl = new Jexl()
  for (const [name, transform] of Object.entries(transforms)) jexl.addTransform(name, transform as (value: unknown, ...rest: unknown[]) => unknown)
  const compiled = new Map<string, ReturnType<typeof jexl.createExpression>>()

  return (expression, values, device) => {
    if (expression.length > mostCharacters)
      throw new Untakeable('expression', `The expression has ${expression.length} characters, more than ${mostCharacters}`)
    try {
      const known = compiled.get(expression) ?? jexl.createExpression(expression)
      if (compiled.size < 10_000) compiled.set(expression, known)
      const context = bare({
        ...Object.fromEntries(values),
        id: device.deviceId,
        type: device.entityType,
        service: device.tenant,
        subservice: device.path,
      })
      const result: unknown = known.evalSync(context)
      return typeof result === 'function' || (typeof result === 'number' && !Number.isFinite(result)) ? undefined : (result as Json | undefined)
    } catch (error) {
      throw new Untakeable('expression', `The expression ${expression} fails: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

/** Objects without a prototype, at every depth. */
function bare(value: unknown): never {
  if (Array.isArray(value)) return value.map(bare) as never
  if (typeof value !== 'object' || value === null) return value as never
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [name, part] of Object.entries(value)) copy[name] = bare(part)
  return copy as never
}
