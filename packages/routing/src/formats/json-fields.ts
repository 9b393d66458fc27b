import { FormatError } from './benchmark.ts'

/** Reads the keys of one JSON object and knows which were asked for, so that the rest can be refused by name. */
export class Fields {
  readonly #value: Record<string, unknown>
  readonly #name: string
  readonly #asked = new Set<string>()

  constructor(value: unknown, name: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError(`${name} must be an object`)
    this.#value = value as Record<string, unknown>
    this.#name = name
  }

  has(key: string): boolean {
    this.#asked.add(key)
    return this.#value[key] !== undefined
  }

  raw(key: string): unknown {
    this.#asked.add(key)
    return this.#value[key]
  }

  number(key: string, fallback: number): number
  number(key: string, fallback?: number): number | undefined
  number(key: string, fallback?: number): number | undefined {
    const value = this.raw(key)
    if (value === undefined) return fallback
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new FormatError(`${this.#name}.${key} must be a number, not ${JSON.stringify(value)}`)
    return value
  }

  text(key: string): string | undefined {
    const value = this.raw(key)
    if (value !== undefined && typeof value !== 'string') throw new FormatError(`${this.#name}.${key} must be text, not ${JSON.stringify(value)}`)
    return value
  }

  flag(key: string): boolean {
    const value = this.raw(key) ?? false
    if (typeof value !== 'boolean') throw new FormatError(`${this.#name}.${key} must be true or false, not ${JSON.stringify(value)}`)
    return value
  }

  list(key: string): unknown[] {
    const value = this.raw(key) ?? []
    if (!Array.isArray(value)) throw new FormatError(`${this.#name}.${key} must be an array`)
    return value
  }

  numbers(key: string): number[] {
    return this.list(key).map((value) => {
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new FormatError(`${this.#name}.${key} must hold numbers, not ${JSON.stringify(value)}`)
      return value
    })
  }

  /** Numbers by name, from an object; undefined where it is not there. */
  numbersByKey(key: string): Readonly<Record<string, number>> | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    const fields = new Fields(value, `${this.#name}.${key}`)
    return Object.fromEntries(Object.keys(value as object).map((name) => [name, fields.number(name, 0)]))
  }

  texts(key: string): string[] {
    return this.list(key).map((value) => {
      if (typeof value !== 'string') throw new FormatError(`${this.#name}.${key} must hold texts, not ${JSON.stringify(value)}`)
      return value
    })
  }

  pairs(key: string): [number, number][] {
    return this.list(key).map((value) => {
      if (!Array.isArray(value) || value.length !== 2 || !value.every((part) => typeof part === 'number' && Number.isFinite(part))) {
        throw new FormatError(`${this.#name}.${key} must hold pairs of numbers, not ${JSON.stringify(value)}`)
      }
      return [value[0] as number, value[1] as number]
    })
  }

  /** Throws `FormatError` when a key is there that nobody asked for. */
  refuseOthers(): void {
    for (const key of Object.keys(this.#value)) if (!this.#asked.has(key)) throw new FormatError(`${this.#name} has the unknown key ${key}`)
  }
}
