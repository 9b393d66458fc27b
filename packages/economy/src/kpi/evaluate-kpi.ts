import { compensatedSum } from '../linear-algebra/compensated-sum.ts'
import { refuse } from '../refusal.ts'
import { type Aggregate, type Formula, parseFormula } from './formula.ts'
import type { KpiDefinition } from './kpi-catalogue.ts'

/** One row of a series. `recordedAt` (RFC 3339) is when it became known; `revises` names the row it replaces; `key` pairs rows of two series. */
export interface SeriesRow {
  readonly id: string
  readonly period: string
  readonly value: number
  readonly key?: string
  readonly recordedAt?: string
  readonly revises?: string
}

/** Rows by the name of their series. */
export type NamedSeries = Readonly<Record<string, readonly SeriesRow[]>>

/** Rows a value was computed from, in the order read. */
export interface Lineage {
  readonly series: string
  readonly rows: readonly string[]
}

/** A value with everything needed to compute it again, or the reason why it is withheld. */
export type KpiValue =
  | {
      readonly kind: 'value'
      readonly kpi: string
      readonly version: number
      readonly formula: string
      readonly period: string
      readonly value: number
      readonly unit: string
      readonly lineage: readonly Lineage[]
    }
  | { readonly kind: 'withheld'; readonly kpi: string; readonly version: number; readonly period: string; readonly reason: string }

/** A value that rests on fewer residents than this is withheld, so that nobody is recognised. */
export const smallestCell = 10

/**
 * Computes an indicator for a period from the rows known at `asKnownAt` (all rows when left out). Refuses a missing series, a period without a row, two
 * rows where one is meant, and a division by zero, each by name.
 */
export function evaluateKpi(definition: KpiDefinition, series: NamedSeries, period: string, asKnownAt?: string): KpiValue {
  const formula = parseFormula(definition.formula)
  const read = new Map<string, readonly SeriesRow[]>()
  const rowsOf = (name: string): readonly SeriesRow[] => {
    const kept = read.get(name)
    if (kept !== undefined) return kept
    const rows = Object.hasOwn(series, name) ? series[name] : undefined
    if (rows === undefined) return refuse('series', `${definition.id} reads the series ${name}, which is not given`, { account: name })
    const current = knownRows(rows, asKnownAt).filter((row) => row.period === period)
    const wrong = current.find((row) => !Number.isFinite(row.value))
    if (wrong !== undefined) refuse('series', `row ${wrong.id} of ${name} is ${wrong.value}, no finite number`, { account: name, row: wrong.id })
    if (current.length === 0) refuse('series', `${name} has no row in ${period}`, { account: name })
    read.set(name, current)
    return current
  }
  const value = evaluate(formula, rowsOf, definition.id)
  if (!Number.isFinite(value)) refuse('value', `${definition.id} in ${period} is ${value}`)
  const few = definition.persons.find((name) => compensatedSum(rowsOf(name).map((row) => row.value)) < smallestCell)
  const { id: kpi, version } = definition
  if (few !== undefined) return { kind: 'withheld', kpi, version, period, reason: `${few} counts fewer than ${smallestCell} persons` }
  const lineage = [...read].map(([name, rows]) => ({ series: name, rows: rows.map((row) => row.id) }))
  return { kind: 'value', kpi, version, formula: definition.formula, period, value, unit: definition.unit, lineage }
}

/** The rows known at an instant that no other known row revises. */
export function knownRows(rows: readonly SeriesRow[], asKnownAt?: string): readonly SeriesRow[] {
  const limit = asKnownAt === undefined ? Number.POSITIVE_INFINITY : instantOf(asKnownAt)
  const known = rows.filter((row) => row.recordedAt === undefined || instantOf(row.recordedAt) <= limit)
  const revised = new Set(known.flatMap((row) => (row.revises === undefined ? [] : [row.revises])))
  return known.filter((row) => !revised.has(row.id))
}

function instantOf(text: string): number {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? refuse('instant', `${text} is no RFC 3339 instant`) : instant
}

function evaluate(formula: Formula, rowsOf: (name: string) => readonly SeriesRow[], kpi: string): number {
  switch (formula.kind) {
    case 'number':
      return formula.value
    case 'series': {
      const rows = rowsOf(formula.name)
      return rows.length === 1
        ? rows[0]!.value
        : refuse('series', `${kpi} needs one row of ${formula.name}, there are ${rows.length}`, { account: formula.name })
    }
    case 'aggregate':
      return aggregate(
        formula.fn,
        rowsOf(formula.name).map((row) => row.value),
      )
    case 'weightedMean':
      return weightedMean(formula.name, rowsOf(formula.name), formula.weight, rowsOf(formula.weight))
    case 'negate':
      return -evaluate(formula.of, rowsOf, kpi)
    case 'binary': {
      const left = evaluate(formula.left, rowsOf, kpi)
      const right = evaluate(formula.right, rowsOf, kpi)
      switch (formula.operator) {
        case '+':
          return left + right
        case '-':
          return left - right
        case '*':
          return left * right
        case '/':
          return right === 0 ? refuse('division', `${kpi} divides by zero`) : left / right
        case '^':
          return left ** right
      }
    }
  }
}

function aggregate(fn: Aggregate, values: readonly number[]): number {
  switch (fn) {
    case 'sum':
      return compensatedSum(values)
    case 'mean':
      return compensatedSum(values) / values.length
    case 'median':
      return medianOf(values)
    case 'min':
      return values.reduce((least, value) => Math.min(least, value))
    case 'max':
      return values.reduce((most, value) => Math.max(most, value))
    case 'count':
      return values.length
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function weightedMean(name: string, rows: readonly SeriesRow[], weight: string, weights: readonly SeriesRow[]): number {
  const byKey = new Map(weights.map((row) => [row.key ?? row.id, row.value]))
  const pairs = rows.map((row) => {
    const key = row.key ?? row.id
    return [row.value, byKey.get(key) ?? refuse('series', `${weight} has no row for ${key} of ${name}`, { account: weight, row: key })] as const
  })
  const total = compensatedSum(pairs.map(([, size]) => size))
  if (!(total > 0)) refuse('division', `the weights of ${weight} sum to ${total}`)
  return compensatedSum(pairs.map(([value, size]) => value * size)) / total
}
