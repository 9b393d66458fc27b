import type { Finding } from '../refusal.ts'
import { Refusal, refuse } from '../refusal.ts'
import type { Compiled, Names, RunClock } from './compile-expression.ts'
import { compileExpression } from './compile-expression.ts'
import { evaluationOrder, placesIn } from './evaluation-order.ts'
import { expandArrays } from './expand-arrays.ts'
import { writeOutMemory } from './functions-with-memory.ts'
import { lookUp } from './graphical-function.ts'
import type { Scalar } from './scalar-model.ts'
import type { XmileModel } from './xmile-model.ts'

/** How large a run may be; a worker adds the wall on time. */
export interface RunLimits {
  /** Steps from start to stop. */
  readonly steps: number
  /** Scalars × steps. */
  readonly evaluations: number
  /** Columns × saved rows. */
  readonly cells: number
}

/** The limits of a run that names none. */
export const defaultRunLimits: RunLimits = { steps: 1_000_000, evaluations: 100_000_000, cells: 5_000_000 }

export interface XmileRun {
  readonly method: 'euler' | 'rk4'
  readonly dt: number
  readonly times: readonly number[]
  /** One a scalar variable or array element, in the model's order; every number is finite. */
  readonly columns: readonly { readonly label: string; readonly units: string; readonly values: readonly number[] }[]
}

/**
 * Runs a model from start to stop by Euler's method or Runge-Kutta of order 4 (XMILE 1.0, 3.2.1). Non-negative flows are cut at 0; non-negative stocks
 * are held at 0 after each step, their outflows as written. Throws a `Refusal` that names what cannot run: a name, a circle, a limit, a value
 * that stops being a finite number.
 */
export function simulateXmile(
  model: XmileModel,
  {
    limits = defaultRunLimits,
    saveEvery = 1,
    signal,
  }: { readonly limits?: RunLimits; readonly saveEvery?: number; readonly signal?: AbortSignal } = {},
): XmileRun {
  const { start, stop, dt, method } = model.specs
  const steps = Math.round((stop - start) / dt)
  if (!(steps <= limits.steps)) refuse('xmile', `The run takes ${steps} steps, more than ${limits.steps}`)
  if (!Number.isInteger(saveEvery) || saveEvery < 1) throw new RangeError(`Rows are saved every 1 or more steps, not ${saveEvery}`)
  const program = compileModel(model)
  const columns = program.scalars.flatMap((scalar, place) =>
    scalar.label === undefined ? [] : [{ label: scalar.label, units: scalar.units, place, values: [] as number[] }],
  )
  const rows = Math.floor(steps / saveEvery) + 1
  if (program.scalars.length * (steps + 1) > limits.evaluations) {
    refuse('xmile', `${program.scalars.length} variables over ${steps} steps are more than ${limits.evaluations} evaluations`)
  }
  if (columns.length * rows > limits.cells) refuse('xmile', `${columns.length} columns of ${rows} rows are more than ${limits.cells} cells`)
  const run = startRun(program, { time: start, dt, start, stop })
  const times: number[] = []
  for (let step = 0; step <= steps; step++) {
    if (step % 256 === 0) signal?.throwIfAborted()
    run.clock.time = start + step * dt
    run.evaluate(step)
    if (step % saveEvery === 0) {
      times.push(run.clock.time)
      for (const column of columns) column.values.push(finite(run.values[column.place]!, column.label, run.clock.time))
    }
    run.remember()
    if (step < steps) run.advance(step, method)
  }
  return { method, dt, times, columns: columns.map(({ label, units, values }) => ({ label, units, values })) }
}

interface Program {
  readonly scalars: readonly Scalar[]
  readonly initialOrder: readonly number[]
  readonly initialOf: readonly Compiled[]
  readonly order: readonly number[]
  /** The value of an auxiliary, the delay of a memory, nothing for a stock. */
  readonly valueOf: readonly (Compiled | undefined)[]
  readonly stocks: readonly number[]
  readonly rateOf: readonly Compiled[]
  readonly memories: readonly { readonly place: number; readonly input: Compiled }[]
}

function compileModel(model: XmileModel): Program {
  const scalars = writeOutMemory(expandArrays(model))
  const places = new Map(scalars.map((scalar, place) => [scalar.key, place]))
  const graphs = new Map(model.graphs)
  for (const variable of model.variables) {
    if (variable.graph !== undefined) graphs.set(variable.name, variable.graph)
  }
  const names: Names = { places, graphs }
  const findings: Finding[] = []
  const compile = (scalar: Scalar, expression: Parameters<typeof compileExpression>[0]): Compiled => {
    try {
      return compileExpression(expression, names)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (findings.length < 100)
        findings.push(...error.findings.map((one) => ({ ...one, message: `${scalar.label ?? 'A function'}: ${one.message}` })))
      return () => 0
    }
  }
  const initialOf = scalars.map((scalar) => compile(scalar, initialExpression(scalar)))
  const valueOf = scalars.map((scalar) =>
    scalar.kind === 'stock' ? undefined : compile(scalar, scalar.kind === 'auxiliary' ? scalar.expression : scalar.delay),
  )
  const stocks = scalars.flatMap((scalar, place) => (scalar.kind === 'stock' ? [place] : []))
  const rateOf = scalars.flatMap((scalar) => (scalar.kind === 'stock' ? [compile(scalar, scalar.rate)] : []))
  const memories = scalars.flatMap((scalar, place) => (scalar.kind === 'memory' ? [{ place, input: compile(scalar, scalar.input) }] : []))
  if (findings.length > 0) throw new Refusal(findings)
  const label = (place: number): string => scalars[place]!.label ?? 'a function with a memory'
  const initialNeeds = scalars.map((scalar) => placesIn([initialExpression(scalar)], places))
  const needs = scalars.map((scalar) =>
    placesIn(scalar.kind === 'stock' ? [] : [scalar.kind === 'auxiliary' ? scalar.expression : scalar.delay], places),
  )
  return {
    scalars,
    initialOf,
    valueOf,
    stocks,
    rateOf,
    memories,
    initialOrder: evaluationOrder(initialNeeds, label),
    order: evaluationOrder(needs, label).filter((place) => valueOf[place] !== undefined),
  }
}

function initialExpression(scalar: Scalar): Parameters<typeof compileExpression>[0] {
  switch (scalar.kind) {
    case 'stock':
      return scalar.initial
    case 'auxiliary':
      return scalar.initial ?? scalar.expression
    case 'memory':
      return scalar.initial ?? scalar.input
  }
}

interface Run {
  readonly clock: RunClock
  readonly values: Float64Array
  /** Everything but the stocks, for the present time and stocks. */
  evaluate(step: number): void
  /** Notes the inputs of delays. */
  remember(): void
  advance(step: number, method: 'euler' | 'rk4'): void
}

function startRun(program: Program, clock: RunClock): Run {
  const { scalars, order, valueOf, stocks, rateOf, memories } = program
  const values = new Float64Array(scalars.length)
  const settle = (place: number, raw: number): number => {
    const scalar = scalars[place]!
    if (scalar.kind !== 'auxiliary') return raw
    const curved = scalar.graph === undefined ? raw : lookUp(scalar.graph, raw)
    return scalar.nonNegative && curved < 0 ? 0 : curved
  }
  for (const place of program.initialOrder) values[place] = settle(place, program.initialOf[place]!(clock, values))
  for (const place of stocks) finite(values[place]!, scalars[place]!.label ?? 'A function with a memory', clock.time)
  const firstOf = new Map(memories.map(({ place }) => [place, values[place]!]))
  const past = new Map(memories.map(({ place }) => [place, [] as number[]]))

  const evaluate = (step: number): void => {
    for (const place of order) {
      const raw = valueOf[place]!(clock, values)
      const remembered = past.get(place)
      if (remembered === undefined) values[place] = settle(place, raw)
      else {
        const ago = Math.max(1, Math.round(finite(raw, 'The time of a DELAY', clock.time) / clock.dt))
        values[place] = step - ago < 0 ? firstOf.get(place)! : remembered[step - ago]!
      }
    }
  }
  const rates = (): Float64Array => Float64Array.from(rateOf, (rate) => rate(clock, values))
  const moveFrom = (base: Float64Array, by: Float64Array, length: number): void => {
    stocks.forEach((stock, i) => {
      values[stock] = base[i]! + length * by[i]!
    })
  }
  const hold = (): void => {
    for (const stock of stocks) {
      const scalar = scalars[stock]!
      if (scalar.kind === 'stock' && scalar.nonNegative && values[stock]! < 0) values[stock] = 0
      finite(values[stock]!, scalar.label ?? 'A function with a memory', clock.time + clock.dt)
    }
  }
  return {
    clock,
    values,
    evaluate,
    remember: () => {
      for (const { place, input } of memories) past.get(place)!.push(input(clock, values))
    },
    advance: (step, method) => {
      const { dt, time } = clock
      const base = Float64Array.from(stocks, (stock) => values[stock]!)
      const first = rates()
      if (method === 'euler') moveFrom(base, first, dt)
      else {
        const at = (by: Float64Array, share: number): Float64Array => {
          moveFrom(base, by, share * dt)
          clock.time = time + share * dt
          evaluate(step)
          return rates()
        }
        const second = at(first, 0.5)
        const third = at(second, 0.5)
        const fourth = at(third, 1)
        clock.time = time
        const mean = first.map((rate, i) => (rate + 2 * second[i]! + 2 * third[i]! + fourth[i]!) / 6)
        moveFrom(base, mean, dt)
      }
      hold()
    },
  }
}

function finite(value: number, label: string, time: number): number {
  if (!Number.isFinite(value)) refuse('xmile', `${label} is ${value} at time ${time}`)
  return value
}
