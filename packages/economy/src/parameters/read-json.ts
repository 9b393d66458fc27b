import { refuse } from '../refusal.ts'

/** Input of which nothing is known yet. */
export type Json = unknown

/** The object at a place; refuses everything else. */
export function objectAt(value: Json, at: string): Readonly<Record<string, Json>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('shape', `${at} is no object`, { account: at })
  return value as Record<string, Json>
}

/** Refuses members that have no meaning. */
export function onlyKeys(object: Readonly<Record<string, Json>>, known: readonly string[], at: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key))
  if (unknown !== undefined) refuse('member', `${at} has no member ${unknown}; known are ${known.join(', ')}`, { account: at })
}

/** A finite number. */
export function numberAt(value: Json, at: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse('number', `${at} is ${shown(value)}, no finite number`, { account: at })
}

/** A text that is not empty and not above 10,000 characters. */
export function textAt(value: Json, at: string): string {
  if (typeof value !== 'string' || value.trim() === '') return refuse('text', `${at} is ${shown(value)}, no text`, { account: at })
  return value.length <= 10_000 ? value : refuse('text', `${at} has ${value.length} characters; at most 10000 are read`, { account: at })
}

/** A list with a bound on its length. */
export function arrayAt(value: Json, at: string, longest = 10_000): readonly Json[] {
  if (!Array.isArray(value)) return refuse('list', `${at} is no list`, { account: at })
  return value.length <= longest ? value : refuse('list', `${at} has ${value.length} members; at most ${longest} are read`, { account: at })
}

/** A list whose members are read one by one. */
export function listAt<T>(value: Json, at: string, read: (member: Json, at: string) => T, longest?: number): T[] {
  return arrayAt(value, at, longest).map((member, i) => read(member, `${at}[${i}]`))
}

/** The read value, or the fallback where nothing stands. */
export function optional<T>(value: Json, fallback: T, read: (value: Json) => T): T {
  return value === undefined ? fallback : read(value)
}

function shown(value: Json): string {
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
