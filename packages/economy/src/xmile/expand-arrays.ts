import type { Finding } from '../refusal.ts'
import { Refusal, refuse } from '../refusal.ts'
import type { Expression, Subscript } from './equation-syntax.ts'
import { parseEquation, parseEquationList } from './equation-syntax.ts'
import type { Scalar } from './scalar-model.ts'
import { binaryOf, constantOf, mapParts, nameOf, walk } from './scalar-model.ts'
import type { Dimension, XmileModel, XmileVariable } from './xmile-model.ts'

/** The most scalars arrays may write out to, and the most parts their equations may have together. */
const maximumScalars = 50_000
const maximumParts = 2_000_000

/** Which element each dimension stands at while one element's equation is written out. */
type Place = ReadonlyMap<string, string>

interface Scope {
  readonly model: XmileModel
  readonly variables: ReadonlyMap<string, XmileVariable>
  readonly left: { parts: number }
}

/** Functions that take a whole array. */
const reductions = new Set(['min', 'max', 'sum', 'mean', 'prod', 'size', 'stddev'])

/** Writes every array out to one scalar an element and every equation to one of scalars. Throws a `Refusal` with all faults, each naming its variable. */
export function expandArrays(model: XmileModel): Scalar[] {
  const scope: Scope = { model, variables: new Map(model.variables.map((one) => [one.name, one])), left: { parts: maximumParts } }
  const count = model.variables.reduce((sum, one) => sum + one.dimensions.reduce((product, dim) => product * dim.elements.length, 1), 0)
  if (count > maximumScalars) refuse('xmile', `The arrays have ${count} elements together, more than ${maximumScalars}`)
  const findings: Finding[] = []
  const scalars: Scalar[] = []
  for (const variable of model.variables) {
    try {
      scalars.push(...expandVariable(scope, variable))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (findings.length < 100) findings.push(...error.findings.map((one) => ({ ...one, message: `${variable.label}: ${one.message}` })))
    }
  }
  if (findings.length > 0) throw new Refusal(findings)
  return scalars
}

/** The key of one element: the name alone for a scalar variable. */
export function scalarKey(name: string, elements: readonly string[]): string {
  return elements.length === 0 ? name : `${name}[${elements.join(',')}]`
}

function expandVariable(scope: Scope, variable: XmileVariable): Scalar[] {
  const equationAt = equationsOf(variable)
  const initial = variable.initialEquation === undefined || variable.initialEquation === '' ? undefined : parseEquation(variable.initialEquation)
  return combinations(variable.dimensions).map((positions, index): Scalar => {
    const elements = positions.map((position, i) => variable.dimensions[i]!.elements[position]!)
    const labels = positions.map((position, i) => variable.dimensions[i]!.labels[position]!)
    const place: Place = new Map(variable.dimensions.map((dim, i) => [dim.name, elements[i]!]))
    const key = scalarKey(variable.name, elements)
    const label = scalarKey(variable.label, labels)
    const own = resolve(scope, equationAt(elements, index), place)
    const { units, nonNegative } = variable
    if (variable.kind === 'stock') return { kind: 'stock', key, label, units, nonNegative, initial: own, rate: rateOf(scope, variable, place) }
    return {
      kind: 'auxiliary',
      key,
      label,
      units,
      nonNegative,
      expression: own,
      initial: initial && resolve(scope, initial, place),
      graph: variable.graph,
    }
  })
}

function equationsOf(variable: XmileVariable): (elements: readonly string[], index: number) => Expression {
  const { dimensions, elementEquations, equation } = variable
  if (elementEquations.size > 0) {
    const parsed = new Map([...elementEquations].map(([key, text]) => [key, parseEquation(text)]))
    const whole = equation === undefined || equation === '' ? undefined : parseEquation(equation)
    return (elements) => parsed.get(elements.join(',')) ?? whole ?? refuse('xmile', `the element ${elements.join(', ')} has no equation`)
  }
  const text = equation?.replace(/\{[^}]*\}/g, '').trim() ?? ''
  if (text === '') {
    if (variable.graph === undefined) refuse('xmile', 'there is no equation')
    return () => constantOf(0)
  }
  if (text === '???') refuse('xmile', 'the equation is "???": the file lost it where it was converted')
  const list = parseEquationList(text)
  const size = dimensions.reduce((product, dim) => product * dim.elements.length, 1)
  if (list.length === 1) return () => list[0]!
  if (dimensions.length === 0 || list.length !== size) refuse('xmile', `the equation lists ${list.length} values for ${size} elements`)
  return (_, index) => list[index]!
}

function rateOf(scope: Scope, variable: XmileVariable, place: Place): Expression {
  const flow = (name: string): Expression => {
    if (!scope.variables.has(name)) refuse('xmile', `there is no flow ${name}`)
    return resolve(scope, nameOf(name), place)
  }
  const start: Expression = constantOf(0)
  const inward = variable.inflows.reduce((sum, name) => binaryOf('+', sum, flow(name)), start)
  return variable.outflows.reduce((sum, name) => binaryOf('-', sum, flow(name)), inward)
}

/** Replaces references to array elements by scalar keys, and functions of whole arrays by functions of their elements. */
function resolve(scope: Scope, expression: Expression, place: Place): Expression {
  scope.left.parts -= 1
  if (scope.left.parts < 0) refuse('xmile', `The arrays' equations write out to more than ${maximumParts} parts`)
  if (expression.kind === 'name') return reference(scope, expression.name, expression.subscripts, place)
  if (expression.kind === 'call' && reductions.has(expression.name) && expression.parameters.length === 1) {
    const [inside] = expression.parameters
    const free = freeDimensions(scope, inside!, place)
    if (free.length > 0) {
      const places = combinations(free.map((one) => one.dimension)).map((positions) => {
        const wider = new Map(place)
        free.forEach(({ name, dimension }, i) => wider.set(name, dimension.elements[positions[i]!]!))
        return wider
      })
      if (places.length > maximumScalars) refuse('xmile', `a function of an array takes ${places.length} elements`)
      return { ...expression, parameters: places.map((wider) => resolve(scope, inside!, wider)) }
    }
  }
  return mapParts(expression, (part) => resolve(scope, part, place))
}

function reference(scope: Scope, name: string, subscripts: readonly Subscript[], place: Place): Expression {
  const variable = scope.variables.get(name)
  const dimensions = variable?.dimensions ?? []
  if (subscripts.length > 0 && subscripts.length !== dimensions.length) {
    refuse('xmile', `${name} has ${dimensions.length} dimensions and ${subscripts.length} subscripts`)
  }
  if (dimensions.length === 0) return nameOf(name)
  const elements = dimensions.map((dimension, i) => elementAt(scope, name, dimension, subscripts[i], place))
  return nameOf(scalarKey(name, elements))
}

function elementAt(scope: Scope, name: string, dimension: Dimension, subscript: Subscript | undefined, place: Place): string {
  const wanted = ((): string | undefined => {
    if (subscript === undefined) return place.get(dimension.name)
    if (subscript.kind === 'all') return place.get(`*${dimension.name}`)
    if (subscript.kind === 'position') return dimension.elements[subscript.position - 1]
    if (dimension.elements.includes(subscript.name)) return subscript.name
    return scope.model.dimensions.has(subscript.name) ? place.get(subscript.name) : undefined
  })()
  if (wanted !== undefined && dimension.elements.includes(wanted)) return wanted
  const shown =
    subscript === undefined ? 'without a subscript' : subscript.kind === 'name' ? `with the subscript ${subscript.name}` : 'with that subscript'
  return refuse('xmile', `${name} ${shown} names no element of ${dimension.name} here`)
}

/** The dimensions an expression runs over that its place does not fix: each star, and each dimension's name that stands for no element yet. */
function freeDimensions(scope: Scope, expression: Expression, place: Place): { name: string; dimension: Dimension }[] {
  const free = new Map<string, Dimension>()
  walk(expression, (part) => {
    if (part.kind !== 'name') return
    const dimensions = scope.variables.get(part.name)?.dimensions ?? []
    dimensions.forEach((dimension, i) => {
      const subscript = part.subscripts[i]
      if (subscript?.kind === 'all') free.set(`*${dimension.name}`, dimension)
      else if (subscript === undefined && !place.has(dimension.name)) free.set(dimension.name, dimension)
      else if (subscript?.kind === 'name' && !dimension.elements.includes(subscript.name) && !place.has(subscript.name)) {
        const named = scope.model.dimensions.get(subscript.name)
        if (named !== undefined) free.set(subscript.name, named)
      }
    })
  })
  return [...free].map(([name, dimension]) => ({ name, dimension }))
}

/** All positions, the last dimension running fastest; one empty position for no dimensions. */
function combinations(dimensions: readonly Dimension[]): number[][] {
  const size = dimensions.reduce((product, dim) => product * dim.elements.length, 1)
  if (size > maximumScalars) refuse('xmile', `an array has ${size} elements, more than ${maximumScalars}`)
  return Array.from({ length: size }, (_, index) => {
    const positions: number[] = []
    let rest = index
    for (const dim of dimensions.toReversed()) {
      positions.unshift(rest % dim.elements.length)
      rest = Math.floor(rest / dim.elements.length)
    }
    return positions
  })
}
