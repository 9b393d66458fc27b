import { refuse } from '../refusal.ts'
import type { BinaryOperator, Expression } from './equation-syntax.ts'
import type { GraphicalFunction } from './graphical-function.ts'
import { lookUp } from './graphical-function.ts'

/** What time it is in a run. */
export interface RunClock {
  time: number
  readonly dt: number
  readonly start: number
  readonly stop: number
}

/** An expression made ready to run: a closure over closures, no text is ever evaluated as code. */
export type Compiled = (clock: RunClock, values: Float64Array) => number

/** What names mean: the place of a scalar among the values, and curves that are called by name. */
export interface Names {
  readonly places: ReadonlyMap<string, number>
  readonly graphs: ReadonlyMap<string, GraphicalFunction>
}

/** Compiles an expression. Throws a `Refusal` for a name or function that does not exist or is not supported. */
export function compileExpression(expression: Expression, names: Names): Compiled {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression
      return () => value
    }
    case 'name':
      return compileName(expression.name, names)
    case 'unary': {
      const operand = compileExpression(expression.operand, names)
      return expression.operator === '-' ? (clock, values) => -operand(clock, values) : (clock, values) => truth(operand(clock, values) === 0)
    }
    case 'binary':
      return compileBinary(expression.operator, compileExpression(expression.left, names), compileExpression(expression.right, names))
    case 'if': {
      const condition = compileExpression(expression.condition, names)
      const whenTrue = compileExpression(expression.whenTrue, names)
      const otherwise = compileExpression(expression.otherwise, names)
      return (clock, values) => (condition(clock, values) === 0 ? otherwise(clock, values) : whenTrue(clock, values))
    }
    case 'call':
      return compileCall(expression.name, expression.parameters, names)
  }
}

function compileName(name: string, names: Names): Compiled {
  const place = names.places.get(name)
  if (place !== undefined) return (_, values) => values[place]!
  const constant = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (constant?.least === 0) return constant.make([])
  return refuse('xmile', names.graphs.has(name) ? `the graphical function ${name} stands without a parameter` : `there is no variable ${name}`)
}

function compileCall(name: string, parameters: readonly Expression[], names: Names): Compiled {
  const compiled = parameters.map((parameter) => compileExpression(parameter, names))
  const graph = names.graphs.get(name)
  if (graph !== undefined) {
    const [at] = compiled
    if (at === undefined || compiled.length !== 1) refuse('xmile', `the graphical function ${name} takes 1 parameter, not ${compiled.length}`)
    return (clock, values) => lookUp(graph, at(clock, values))
  }
  if (randomFunctions.has(name)) refuse('xmile', `the random function ${name.toUpperCase()} is not supported: a run must give the same numbers again`)
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (found === undefined) refuse('xmile', `the function ${name.toUpperCase()} is not supported`)
  if (compiled.length < found.least || compiled.length > found.most) {
    const counts = found.least === found.most ? `${found.least}` : `${found.least} to ${found.most}`
    refuse('xmile', `${name.toUpperCase()} takes ${counts} parameters, not ${compiled.length}`)
  }
  return found.make(compiled)
}

function compileBinary(operator: BinaryOperator, left: Compiled, right: Compiled): Compiled {
  switch (operator) {
    case '+':
      return (clock, values) => left(clock, values) + right(clock, values)
    case '-':
      return (clock, values) => left(clock, values) - right(clock, values)
    case '*':
      return (clock, values) => left(clock, values) * right(clock, values)
    case '/':
      return (clock, values) => left(clock, values) / right(clock, values)
    case '//':
      return (clock, values) => safeDivision(left(clock, values), right(clock, values), 0)
    case '^':
      return (clock, values) => left(clock, values) ** right(clock, values)
    case 'mod':
      return (clock, values) => left(clock, values) % right(clock, values) // the sign of the left side, as in the reference outputs
    case '<':
      return (clock, values) => truth(left(clock, values) < right(clock, values))
    case '<=':
      return (clock, values) => truth(left(clock, values) <= right(clock, values))
    case '>':
      return (clock, values) => truth(left(clock, values) > right(clock, values))
    case '>=':
      return (clock, values) => truth(left(clock, values) >= right(clock, values))
    case '=':
      return (clock, values) => truth(left(clock, values) === right(clock, values))
    case '<>':
      return (clock, values) => truth(left(clock, values) !== right(clock, values))
    case 'and':
      return (clock, values) => truth(left(clock, values) !== 0 && right(clock, values) !== 0)
    case 'or':
      return (clock, values) => truth(left(clock, values) !== 0 || right(clock, values) !== 0)
  }
}

interface FunctionEntry {
  readonly least: number
  readonly most: number
  readonly make: (parameters: readonly Compiled[]) => Compiled
}

const many = 100_000

function plain(least: number, most: number, of: (...values: number[]) => number): FunctionEntry {
  return {
    least,
    most,
    make: (parameters) => {
      const [first, second] = parameters
      if (parameters.length === 1) return (clock, values) => of(first!(clock, values))
      if (parameters.length === 2) return (clock, values) => of(first!(clock, values), second!(clock, values))
      return (clock, values) => of(...parameters.map((one) => one(clock, values)))
    },
  }
}

function timed(least: number, most: number, of: (clock: RunClock, ...values: number[]) => number): FunctionEntry {
  return { least, most, make: (parameters) => (clock, values) => of(clock, ...parameters.map((one) => one(clock, values))) }
}

/** A list folded without spreading it, since it may be as long as an array. */
function folded(start: number, fold: (total: number, value: number) => number): FunctionEntry {
  return {
    least: 1,
    most: many,
    make: (parameters) => (clock, values) => {
      let total = start
      for (const one of parameters) total = fold(total, one(clock, values))
      return total
    },
  }
}

/** A time is reached when it is nearer than a millionth of a step. */
function hasReached(clock: RunClock, time: number): boolean {
  return clock.time >= time - 1e-6 * clock.dt
}

/** The functions of XMILE 1.0, 3.5, and the hyperbolic ones of its vendors. INT cuts towards zero, as in the reference outputs. */
const functions: Readonly<Record<string, FunctionEntry>> = {
  abs: plain(1, 1, Math.abs),
  arccos: plain(1, 1, Math.acos),
  arcsin: plain(1, 1, Math.asin),
  arctan: plain(1, 1, Math.atan),
  cos: plain(1, 1, Math.cos),
  cosh: plain(1, 1, Math.cosh),
  exp: plain(1, 1, Math.exp),
  int: plain(1, 1, Math.trunc),
  ln: plain(1, 1, Math.log),
  log10: plain(1, 1, Math.log10),
  sin: plain(1, 1, Math.sin),
  sinh: plain(1, 1, Math.sinh),
  sqrt: plain(1, 1, Math.sqrt),
  tan: plain(1, 1, Math.tan),
  tanh: plain(1, 1, Math.tanh),
  pi: plain(0, 0, () => Math.PI),
  inf: plain(0, 0, () => Infinity),
  mod: plain(2, 2, (left, right) => left % right),
  safediv: plain(2, 3, (over, under, instead = 0) => safeDivision(over, under, instead)),
  max: folded(-Infinity, Math.max),
  min: folded(Infinity, Math.min),
  sum: folded(0, (total, value) => total + value),
  prod: folded(1, (total, value) => total * value),
  mean: { least: 1, most: many, make: (parameters) => average(parameters, (value) => value) },
  size: { least: 1, most: many, make: (parameters) => () => parameters.length },
  stddev: {
    least: 1,
    most: many,
    make: (parameters) => {
      const mean = average(parameters, (value) => value)
      return (clock, values) => {
        const centre = mean(clock, values)
        return Math.sqrt(average(parameters, (value) => (value - centre) ** 2)(clock, values))
      }
    },
  },
  time: timed(0, 0, (clock) => clock.time),
  dt: timed(0, 0, (clock) => clock.dt),
  starttime: timed(0, 0, (clock) => clock.start),
  stoptime: timed(0, 0, (clock) => clock.stop),
  step: timed(2, 2, (clock, height, from) => (hasReached(clock, from) ? height : 0)),
  ramp: timed(2, 3, (clock, slope, from, until = Infinity) => (hasReached(clock, from) ? slope * (Math.min(clock.time, until) - from) : 0)),
  pulse: timed(2, 3, (clock, volume, first, interval = 0) => {
    if (!hasReached(clock, first)) return 0
    const since = interval > 0 ? (clock.time - first) % interval : clock.time - first
    const near = since < clock.dt * (1 - 1e-6) || (interval > 0 && interval - since < 1e-6 * clock.dt)
    return near ? volume / clock.dt : 0
  }),
  sinwave: timed(2, 2, (clock, amplitude, period) => amplitude * Math.sin((2 * Math.PI * clock.time) / period)),
  coswave: timed(2, 2, (clock, amplitude, period) => amplitude * Math.cos((2 * Math.PI * clock.time) / period)),
}

const randomFunctions = new Set([
  'exprnd',
  'lognormal',
  'montecarlo',
  'normal',
  'poisson',
  'random',
  'uniform',
  'beta',
  'binomial',
  'gamma',
  'weibull',
])

function average(parameters: readonly Compiled[], of: (value: number) => number): Compiled {
  return (clock, values) => {
    let total = 0
    for (const one of parameters) total += of(one(clock, values))
    return total / parameters.length
  }
}

function safeDivision(over: number, under: number, instead: number): number {
  return under === 0 ? instead : over / under
}

function truth(is: boolean): number {
  return is ? 1 : 0
}
