import { instantOf } from '../entity/instant.ts'
import type { Cursor } from './cursor.ts'
import { type Parsing, count } from './parsing.ts'
import type { QOperand, QOperator, QValue } from './q.ts'
import { isCivilDate, timeOfDayUs } from './temporal-value.ts'

/** Parses what stands after an operator; `expandValue` adds the expanded form of words and strings. */
export function parseQOperand(parsing: Parsing, op: QOperator, expandValue: boolean): QOperand {
  const { cursor } = parsing
  const isEquality = op === '==' || op === '!='
  const start = cursor.at
  const first = parseValue(parsing, expandValue)
  if (!isEquality) {
    if (first.kind === 'boolean' || first.kind === 'word') throw cursor.fail(`a number, a quoted string, a date or a time after "${op}"`, start)
    if (cursor.startsWith('..') || cursor.startsWith(',')) throw cursor.fail(`a single value after "${op}"`, start)
    return { kind: 'single', value: first }
  }
  if (cursor.take('..')) return parseRangeEnd(parsing, first)
  if (!cursor.startsWith(',')) return { kind: 'single', value: first }
  const values = [first]
  while (cursor.take(',')) values.push(parseValue(parsing, expandValue))
  return { kind: 'list', values }
}

function parseRangeEnd(parsing: Parsing, from: QValue): QOperand {
  const start = parsing.cursor.at
  const to = parseValue(parsing, false)
  if (to.kind !== from.kind || from.kind === 'boolean' || from.kind === 'word')
    throw parsing.cursor.fail('an end of the range that is comparable with its start', start)
  return { kind: 'range', from: withoutExpansion(from), to }
}

function withoutExpansion(value: QValue): QValue {
  return value.kind === 'string' ? { kind: 'string', value: value.value } : value
}

const stringPattern = /"(?:[^"\\]|\\[^])*"/y
const dateTimePattern = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:\d{2})/y
const datePattern = /\d{4}-\d{2}-\d{2}/y
const timePattern = /\d{2}:\d{2}:\d{2}(?:[.,]\d{1,6})?Z/y
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function parseValue(parsing: Parsing, expandValue: boolean): QValue {
  count(parsing)
  const { cursor } = parsing
  if (cursor.peek() === '"') {
    const value = parseString(cursor)
    return expandValue ? { kind: 'string', value, expanded: parsing.expand(value) } : { kind: 'string', value }
  }
  const dateTime = matchWhole(cursor, dateTimePattern)
  if (dateTime !== undefined) {
    const at = instantOf(dateTime)
    if (at === undefined) throw cursor.fail('a date-time that exists', cursor.at - dateTime.length)
    return { kind: 'dateTime', text: dateTime, at }
  }
  const date = matchWhole(cursor, datePattern)
  if (date !== undefined) {
    if (!isCivilDate(date)) throw cursor.fail('a date that exists', cursor.at - date.length)
    return { kind: 'date', text: date }
  }
  const time = matchWhole(cursor, timePattern)
  if (time !== undefined) {
    const ofDayUs = timeOfDayUs(time)
    if (ofDayUs === undefined) throw cursor.fail('a time that exists', cursor.at - time.length)
    return { kind: 'time', text: time, ofDayUs }
  }
  const number = matchWhole(cursor, numberPattern)
  if (number !== undefined) {
    const value = Number(number)
    if (!Number.isFinite(value)) throw cursor.fail('a number that a double can hold', cursor.at - number.length)
    return { kind: 'number', value: value + 0 }
  }
  const value = parseWord(cursor)
  if (value === 'true' || value === 'false') return { kind: 'boolean', value: value === 'true' }
  return expandValue ? { kind: 'word', value, expanded: parsing.expand(value) } : { kind: 'word', value }
}

function parseString(cursor: Cursor): string {
  const start = cursor.at
  const quoted = cursor.match(stringPattern)
  if (quoted === undefined) throw cursor.fail('a string with a closing quote', start)
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw cursor.fail('a JSON string', start)
  }
}

/** What the pattern matches, if a value ends there. */
function matchWhole(cursor: Cursor, sticky: RegExp): string | undefined {
  const start = cursor.at
  const found = cursor.match(sticky)
  if (found === undefined) return undefined
  if (cursor.done || cursor.startsWith('..') || ';|),'.includes(cursor.peek())) return found
  cursor.rewind(start)
  return undefined
}

function parseWord(cursor: Cursor): string {
  const start = cursor.at
  let open = 0
  while (!cursor.done) {
    const next = cursor.peek()
    if (next === ';' || next === '|' || next === ',' || (next === ')' && open === 0)) break
    if (next <= ' ' || '"<>={}'.includes(next)) {
      if (next !== '=' || cursor.at === start) throw cursor.fail('a value')
    }
    if (next === '(') open += 1
    if (next === ')') open -= 1
    cursor.take(next)
  }
  if (cursor.at === start) throw cursor.fail('a value')
  return cursor.textFrom(start)
}
