import type { Expression } from './equation-syntax.ts'
import type { GraphicalFunction } from './graphical-function.ts'

/**
 * One number of a model after arrays and functions with a memory are written out. Names in its expressions are keys of other scalars,
 * or `time` and the like. `label` is absent for scalars the model does not name.
 */
export type Scalar =
  | {
      readonly kind: 'stock'
      readonly key: string
      readonly label: string | undefined
      readonly units: string
      readonly initial: Expression
      /** Change in a unit of time. */
      readonly rate: Expression
      readonly nonNegative: boolean
    }
  | {
      readonly kind: 'auxiliary'
      readonly key: string
      readonly label: string | undefined
      readonly units: string
      readonly expression: Expression
      readonly initial: Expression | undefined
      readonly graph: GraphicalFunction | undefined
      readonly nonNegative: boolean
    }
  | {
      /** The input as it was a delay ago, in whole steps and at least one. */
      readonly kind: 'memory'
      readonly key: string
      readonly label: undefined
      readonly units: string
      readonly input: Expression
      readonly delay: Expression
      readonly initial: Expression | undefined
    }

/** A number as an expression. */
export function constantOf(value: number): Expression {
  return { kind: 'number', value }
}

/** A scalar as an expression. */
export function nameOf(name: string): Expression {
  return { kind: 'name', name, subscripts: [] }
}

/** Two expressions joined. */
export function binaryOf(operator: '+' | '-' | '*' | '/', left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right }
}

/** Calls `visit` on an expression and everything inside it. */
export function walk(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression)
  switch (expression.kind) {
    case 'number':
    case 'name':
      return
    case 'call':
      for (const one of expression.parameters) walk(one, visit)
      return
    case 'unary':
      walk(expression.operand, visit)
      return
    case 'binary':
      walk(expression.left, visit)
      walk(expression.right, visit)
      return
    case 'if':
      walk(expression.condition, visit)
      walk(expression.whenTrue, visit)
      walk(expression.otherwise, visit)
  }
}

/** The expression with its direct parts replaced. */
export function mapParts(expression: Expression, replace: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return expression
    case 'call':
      return { ...expression, parameters: expression.parameters.map(replace) }
    case 'unary':
      return { ...expression, operand: replace(expression.operand) }
    case 'binary':
      return { ...expression, left: replace(expression.left), right: replace(expression.right) }
    case 'if':
      return {
        kind: 'if',
        condition: replace(expression.condition),
        whenTrue: replace(expression.whenTrue),
        otherwise: replace(expression.otherwise),
      }
  }
}
