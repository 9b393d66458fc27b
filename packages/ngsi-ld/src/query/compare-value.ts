import type { Instant } from '../entity/instant.ts'
import type { QValue } from './q.ts'
import type { Target } from './q-target.ts'
import { dateTimeOf, isCivilDate, timeOfDayUs } from './temporal-value.ts'

type SingleTarget = Exclude<Target, { kind: 'languages' }>

/** Whether a single target is identical or equivalent to the value: of one data type, and temporal values by what they mean. */
export function equals(target: SingleTarget, value: QValue): boolean {
  if (target.kind === 'value' && typeof target.value === 'string' && (value.kind === 'string' || value.kind === 'word')) {
    if (target.value === value.value || target.value === value.expanded) return true
  }
  if (target.kind === 'value' && value.kind === 'boolean') return target.value === value.value
  if (value.kind === 'word') return false
  return orderOf(target, value, true) === 0
}

/**
 * The sign of target minus value, or `undefined` where their data types differ or have no order.
 * `unordered` admits targets that have no order, for equality alone.
 */
export function orderOf(target: SingleTarget, value: QValue, unordered = false): number | undefined {
  if (target.kind === 'instant') return difference(target.at, instantIn(value))
  if (!unordered && (target.of === 'Relationship' || target.of === 'ListRelationship')) return undefined
  const actual = target.value
  if (typeof actual === 'number') return value.kind === 'number' ? difference(actual, value.value) : undefined
  if (typeof actual !== 'string') return undefined
  switch (value.kind) {
    case 'string':
      return isTemporal(target.valueType) ? difference(dateTimeOf(actual), instantIn(value)) : compareText(actual, value.value)
    case 'dateTime':
      return difference(dateTimeOf(actual), value.at)
    case 'date':
      return isCivilDate(actual) ? compareText(actual, value.text) : undefined
    case 'time':
      return difference(timeOfDayUs(actual), value.ofDayUs)
    case 'number':
    case 'boolean':
    case 'word':
      return undefined
  }
}

/** Orders strings by code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A quoted date-time means the instant where the target is known to be one. */
function instantIn(value: QValue): Instant | undefined {
  return value.kind === 'dateTime' ? value.at : value.kind === 'string' ? dateTimeOf(value.value) : undefined
}

function isTemporal(valueType: string | undefined): boolean {
  return (
    valueType === 'DateTime' || valueType === 'https://uri.etsi.org/ngsi-ld/DateTime' || valueType === 'http://www.w3.org/2001/XMLSchema#dateTime'
  )
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.sign(a - b)
}
