import { instantOf } from '@cityloop/ngsi-ld'
import type { Instant } from '@cityloop/ngsi-ld'
import { isCivilTime } from '#runtime/civil-time.ts'
import type { CivilTime, Zone } from '#runtime/civil-time.ts'
import { shown, Unreadable } from './unreadable.ts'

/** How local times without an offset are read: the zone, and what holds in the hours that clock changes repeat or leave out. */
export type LocalTimeRule = {
  readonly zone: Zone | undefined
  readonly ambiguous: 'earlier' | 'later' | 'reject'
  readonly missing: 'reject' | 'shift'
}

/** Makes a reader of date-times: ISO 8601 (a space for the `T`, seconds and offset may be absent, a date alone is its midnight), or in the format given. */
export function timeReader(rule: LocalTimeRule, format: string | undefined): (text: string) => Instant {
  const readCivil = format === undefined ? isoCivil : formatReader(format)
  return (text) => {
    const trimmed = text.trim()
    if (format === undefined && hasOffset.test(trimmed)) {
      const instant = instantOf(trimmed.replace(' ', 'T'))
      if (instant === undefined) throw new Unreadable(`${shown(text)} is not a date-time`)
      return instant
    }
    const civil = readCivil(trimmed)
    if (civil === undefined || !isCivilTime(civil))
      throw new Unreadable(`${shown(text)} is not a date-time${format === undefined ? '' : ` of the form ${format}`}`)
    return instantOfCivil(rule, civil, text)
  }
}

/** The parts of a format are known and there is a year, month and day among them; says what is wrong otherwise. */
export function formatProblem(format: string): string | undefined {
  const letters = format.match(/[A-Za-z]+/g) ?? []
  for (const part of letters)
    if (part !== 'T' && !Object.hasOwn(partOf, part)) return `has ${part}, which is none of ${Object.keys(partOf).join(', ')}`
  const names = letters.map((part) => partOf[part]?.name).filter((name) => name !== undefined)
  if (new Set(names).size < names.length) return 'names one part of the time twice'
  return ['year', 'month', 'day'].every((name) => names.some((known) => known === name)) ? undefined : 'must have a year, a month and a day'
}

type PartName = keyof CivilTime
const partOf: Readonly<Record<string, { readonly name: PartName; readonly digits: string }>> = {
  yyyy: { name: 'year', digits: String.raw`\d{4}` },
  MM: { name: 'month', digits: String.raw`\d{2}` },
  M: { name: 'month', digits: String.raw`\d{1,2}` },
  dd: { name: 'day', digits: String.raw`\d{2}` },
  d: { name: 'day', digits: String.raw`\d{1,2}` },
  HH: { name: 'hour', digits: String.raw`\d{2}` },
  H: { name: 'hour', digits: String.raw`\d{1,2}` },
  mm: { name: 'minute', digits: String.raw`\d{2}` },
  ss: { name: 'second', digits: String.raw`\d{2}` },
}

const hasOffset = /\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$/
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/

function isoCivil(text: string): CivilTime | undefined {
  const match = iso.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: Number(fraction.slice(0, 6).padEnd(6, '0')),
  }
}

function formatReader(format: string): (text: string) => CivilTime | undefined {
  const names: PartName[] = []
  const pattern = format.replace(/([A-Za-z]+)|([^A-Za-z]+)/g, (_, letters: string | undefined, other: string | undefined) => {
    const part = letters === undefined ? undefined : partOf[letters]
    if (part === undefined) return (letters ?? other ?? '').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    names.push(part.name)
    return `(${part.digits})`
  })
  const whole = new RegExp(`^${pattern}$`)
  return (text) => {
    const match = whole.exec(text)
    if (match === null) return undefined
    const civil: Record<PartName, number> = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, microsecond: 0 }
    for (const [index, name] of names.entries()) civil[name] = Number(match[index + 1])
    return civil
  }
}

function instantOfCivil({ zone, ambiguous, missing }: LocalTimeRule, civil: CivilTime, text: string): Instant {
  if (zone === undefined) throw new Unreadable(`${shown(text)} has no offset, and the mapping states no zone`)
  const found = zone.occurrenceOf(civil)
  switch (found.kind) {
    case 'once':
      return found.instant
    case 'twice':
      if (ambiguous === 'reject') throw new Unreadable(`${shown(text)} occurs twice in ${zone.name}, where clocks go back`)
      return ambiguous === 'earlier' ? found.earlier : found.later
    case 'never':
      if (missing === 'reject') throw new Unreadable(`${shown(text)} does not occur in ${zone.name}, where clocks go forward`)
      return found.shifted
  }
}
