import { refuse } from '../refusal.ts'
import type { Expression } from './equation-syntax.ts'
import type { Scalar } from './scalar-model.ts'
import { binaryOf, constantOf, mapParts, nameOf } from './scalar-model.ts'

const maximumStages = 50

/**
 * Writes functions that remember (XMILE 1.0, 3.5.3) as hidden stocks: smooths and delays as chains of stages, TREND and FORCST as an average,
 * INIT as a stock that never changes, DELAY as a memory. Returns the scalars with those added.
 */
export function writeOutMemory(scalars: readonly Scalar[]): Scalar[] {
  const hidden: Scalar[] = []
  const replace = (expression: Expression): Expression => {
    const inner = mapParts(expression, replace)
    if (inner.kind !== 'call') return inner
    const writer = Object.hasOwn(writers, inner.name) ? writers[inner.name] : undefined
    if (writer === undefined) return inner
    if (inner.parameters.length < writer.least || inner.parameters.length > writer.most) {
      refuse('xmile', `${inner.name.toUpperCase()} takes ${writer.least} to ${writer.most} parameters, not ${inner.parameters.length}`)
    }
    if (hidden.length > 100_000) refuse('xmile', 'Functions with a memory write out to more than 100000 hidden stocks')
    return writer.write(
      inner.parameters.map((parameter) => shared(parameter, hidden)),
      hidden,
    )
  }
  const written = scalars.map((scalar): Scalar => {
    switch (scalar.kind) {
      case 'stock':
        return { ...scalar, initial: replace(scalar.initial), rate: replace(scalar.rate) }
      case 'auxiliary':
        return { ...scalar, expression: replace(scalar.expression), initial: scalar.initial && replace(scalar.initial) }
      case 'memory':
        return scalar
    }
  })
  return [...written, ...hidden]
}

interface Writer {
  readonly least: number
  readonly most: number
  readonly write: (parameters: readonly Expression[], hidden: Scalar[]) => Expression
}

const writers: Readonly<Record<string, Writer>> = {
  smth1: { least: 2, most: 3, write: ([input, time, start], hidden) => smooth(input!, time!, 1, start, hidden) },
  smth3: { least: 2, most: 3, write: ([input, time, start], hidden) => smooth(input!, time!, 3, start, hidden) },
  smthn: { least: 3, most: 4, write: ([input, time, n, start], hidden) => smooth(input!, time!, stagesOf(n!), start, hidden) },
  delay1: { least: 2, most: 3, write: ([input, time, start], hidden) => materialDelay(input!, time!, 1, start, hidden) },
  delay3: { least: 2, most: 3, write: ([input, time, start], hidden) => materialDelay(input!, time!, 3, start, hidden) },
  delayn: { least: 3, most: 4, write: ([input, time, n, start], hidden) => materialDelay(input!, time!, stagesOf(n!), start, hidden) },
  trend: { least: 2, most: 3, write: ([input, time, start], hidden) => trend(input!, time!, start, hidden) },
  forcst: {
    least: 3,
    most: 4,
    write: ([input, time, horizon, start], hidden) =>
      binaryOf('*', input!, binaryOf('+', constantOf(1), binaryOf('*', trend(input!, time!, start, hidden), horizon!))),
  },
  init: { least: 1, most: 1, write: ([input], hidden) => addStock(hidden, input!, constantOf(0)) },
  delay: { least: 2, most: 3, write: ([input, delay, start], hidden) => addMemory(hidden, input!, delay!, start) },
}

/** n stages, each nearing the one before it in a fraction of the time. */
function smooth(input: Expression, time: Expression, stages: number, start: Expression | undefined, hidden: Scalar[]): Expression {
  const stageTime = stages === 1 ? time : binaryOf('/', time, constantOf(stages))
  let before = input
  for (let stage = 0; stage < stages; stage++) {
    const key = hiddenKey(hidden)
    before = addStock(hidden, start ?? input, binaryOf('/', binaryOf('-', before, nameOf(key)), stageTime))
  }
  return before
}

/** n stages, each holding what has come in and giving it on at the rate of its content over its time. */
function materialDelay(input: Expression, time: Expression, stages: number, start: Expression | undefined, hidden: Scalar[]): Expression {
  const stageTime = stages === 1 ? time : binaryOf('/', time, constantOf(stages))
  let inflow = input
  for (let stage = 0; stage < stages; stage++) {
    const outflow = binaryOf('/', nameOf(hiddenKey(hidden)), stageTime)
    addStock(hidden, binaryOf('*', start ?? input, stageTime), binaryOf('-', inflow, outflow))
    inflow = outflow
  }
  return inflow
}

/** The fractional change in a unit of time, against an exponential average over the time. */
function trend(input: Expression, time: Expression, start: Expression | undefined, hidden: Scalar[]): Expression {
  const key = hiddenKey(hidden)
  const initial = binaryOf('/', input, binaryOf('+', constantOf(1), binaryOf('*', start ?? constantOf(0), time)))
  const average = addStock(hidden, initial, binaryOf('/', binaryOf('-', input, nameOf(key)), time))
  return binaryOf('/', binaryOf('-', input, average), binaryOf('*', average, time))
}

/** A parameter that is used more than once stands alone, so that nested functions stay as small as they are written. */
function shared(expression: Expression, hidden: Scalar[]): Expression {
  if (expression.kind === 'number' || expression.kind === 'name') return expression
  const key = hiddenKey(hidden)
  hidden.push({ kind: 'auxiliary', key, label: undefined, units: '', expression, initial: undefined, graph: undefined, nonNegative: false })
  return nameOf(key)
}

function stagesOf(expression: Expression): number {
  const stages = expression.kind === 'number' ? expression.value : Number.NaN
  if (!(Number.isInteger(stages) && stages >= 1 && stages <= maximumStages)) {
    refuse('xmile', `The number of stages of a delay or smooth must be written as a whole number from 1 to ${maximumStages}`)
  }
  return stages
}

function hiddenKey(hidden: readonly Scalar[]): string {
  return `#${hidden.length}` // no name in a model can hold this sign
}

function addStock(hidden: Scalar[], initial: Expression, rate: Expression): Expression {
  const key = hiddenKey(hidden)
  hidden.push({ kind: 'stock', key, label: undefined, units: '', initial, rate, nonNegative: false })
  return nameOf(key)
}

function addMemory(hidden: Scalar[], input: Expression, delay: Expression, initial: Expression | undefined): Expression {
  if (delay.kind === 'number' && delay.value === 0) return input
  const key = hiddenKey(hidden)
  hidden.push({ kind: 'memory', key, label: undefined, units: '', input, delay, initial })
  return nameOf(key)
}
