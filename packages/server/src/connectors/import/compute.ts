import type { Computation, Operand, Operation } from '../mapping-language/mapping.ts'
import { isEmpty, readNumber } from './read-value.ts'
import { resolve } from './row-context.ts'
import type { ColumnScope, RowContext } from './row-context.ts'
import { Unreadable } from './unreadable.ts'

/** Makes the function that computes an operand for a row: `undefined` where a column in it is empty. It throws `Unreadable` for what is no number. */
export function compileOperand(scope: ColumnScope, operand: Operand, empty: ReadonlySet<string>): (context: RowContext) => number | undefined {
  if (typeof operand === 'number') return () => operand
  if ('operation' in operand) return compileComputation(scope, operand, empty)
  const source = resolve(scope, operand)
  return (context) => {
    const cell = source.get(context)
    if (isEmpty(cell, empty)) return undefined
    try {
      return readNumber(cell, source.decision(context))
    } catch (error) {
      throw error instanceof Unreadable ? new Unreadable(`${source.name}: ${error.message}`) : error
    }
  }
}

function compileComputation(
  scope: ColumnScope,
  { operation, operands }: Computation,
  empty: ReadonlySet<string>,
): (context: RowContext) => number | undefined {
  const compiled = operands.map((operand) => compileOperand(scope, operand, empty))
  return (context) => {
    const values: number[] = []
    for (const operand of compiled) {
      const value = operand(context)
      if (value === undefined) return undefined
      values.push(value)
    }
    const result = apply(operation, values)
    if (!Number.isFinite(result)) throw new Unreadable(`${operation} of ${values.join(', ')} is no number`)
    return result
  }
}

/** Sums and products are rounded to 12 significant digits, so that 0.1 + 0.2 is 0.3. */
function apply(operation: Operation, [first = 0, ...rest]: readonly number[]): number {
  switch (operation) {
    case 'add':
      return trim(rest.reduce((sum, value) => sum + value, first))
    case 'subtract':
      return trim(rest.reduce((sum, value) => sum - value, first))
    case 'multiply':
      return trim(rest.reduce((product, value) => product * value, first))
    case 'divide':
      return trim(rest.reduce((quotient, value) => quotient / value, first))
    case 'min':
      return Math.min(first, ...rest)
    case 'max':
      return Math.max(first, ...rest)
    case 'round': {
      const factor = 10 ** (rest[0] ?? 0)
      return Math.round(first * factor) / factor
    }
  }
}

function trim(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : value
}
