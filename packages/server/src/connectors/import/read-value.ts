import { formatInstant, isJsonObject, ngsiLdNull } from '@cityloop/ngsi-ld'
import type { Instant, Json } from '@cityloop/ngsi-ld'
import type { ValueType } from '../mapping-language/mapping.ts'
import type { ColumnDecision } from '../tables/column-profile.ts'
import { numberOf } from '../tables/number-text.ts'
import { shown, Unreadable } from './unreadable.ts'

/** Whether a cell holds no value. */
export function isEmpty(cell: Json, empty: ReadonlySet<string>): boolean {
  return cell === null || (typeof cell === 'string' && empty.has(cell.trim()))
}

/** A cell as text, as templates, conditions and maps see it. */
export function cellText(cell: Json): string {
  if (typeof cell === 'string') return cell.trim()
  return cell === null ? '' : JSON.stringify(cell)
}

/** Reads a cell as its type asks; `decided` takes what the whole file says of the column. Throws `Unreadable`. */
export function readCell(cell: Json, as: ValueType, decision: ColumnDecision, readTime: (text: string) => Instant): Json {
  switch (as) {
    case 'number':
      return readNumber(cell, decision)
    case 'integer': {
      const value = readNumber(cell, decision)
      if (!Number.isInteger(value)) throw new Unreadable(`${shown(cell)} is not a whole number`)
      return value
    }
    case 'text':
      return cellText(cell)
    case 'boolean':
      return readBoolean(cell)
    case 'date-time':
      return formatInstant(readTime(cellText(cell)))
    case 'decided':
      return readDecided(cell, decision)
  }
}

/** A cell as a number, by the decimal mark of its column. Throws `Unreadable`. */
export function readNumber(cell: Json, decision: ColumnDecision): number {
  if (typeof cell === 'number') return cell
  const value = typeof cell === 'string' ? numberOf(cell, decision.decimalMark ?? 'point') : undefined
  if (value === undefined) throw new Unreadable(`${shown(cell)} is not a number${decision.decimalMark === 'comma' ? ' with a decimal comma' : ''}`)
  return value
}

function readDecided(cell: Json, decision: ColumnDecision): Json {
  switch (decision.type) {
    case 'number':
      return readNumber(cell, decision)
    case 'boolean':
      return readBoolean(cell)
    case 'text':
    case 'empty':
      return safe(cellText(cell))
    case 'mixed':
      return safe(cell)
  }
}

function readBoolean(cell: Json): boolean {
  if (typeof cell === 'boolean') return cell
  const text = cellText(cell).toLowerCase()
  if (['true', 'yes', '1'].includes(text)) return true
  if (['false', 'no', '0'].includes(text)) return false
  throw new Unreadable(`${shown(cell)} is neither true nor false`)
}

/** Values that stand for deletion in NGSI-LD are none in a file. */
function safe(value: Json): Json {
  const holdsNull = value === ngsiLdNull || (Array.isArray(value) && value.includes(ngsiLdNull))
  if (holdsNull || (isJsonObject(value) && Object.values(value).includes(ngsiLdNull))) throw new Unreadable(`${ngsiLdNull} is not a value`)
  return value
}
