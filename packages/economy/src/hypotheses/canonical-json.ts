import { refuse } from '../refusal.ts'

/** Canonical JSON of RFC 8785: keys in UTF-16 order, numbers as ECMAScript writes them, no white space. Refuses what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse('canonical JSON', `${value} cannot be written as JSON`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined)
    entries.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    return `{${entries.map(([key, member]) => `${quoted(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  return refuse('canonical JSON', `a ${typeof value} cannot be written as JSON`)
}

function quoted(text: string): string {
  if (!text.isWellFormed()) refuse('canonical JSON', 'a text holds half a surrogate pair')
  return JSON.stringify(text)
}
