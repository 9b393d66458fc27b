/** Any JSON value; documents and attribute values are made of nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. Names such as `__proto__` are ordinary: look properties up with `Object.hasOwn`. */
export type JsonObject = { readonly [name: string]: Json }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
