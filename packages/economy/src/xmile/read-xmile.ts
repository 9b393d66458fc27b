import type { Finding } from '../refusal.ts'
import { Refusal } from '../refusal.ts'
import { canonicalName } from './equation-tokens.ts'
import type { GraphicalFunction } from './graphical-function.ts'
import { readGraphicalFunction } from './graphical-function.ts'
import type { Dimension, SimulationSpecs, XmileModel, XmileVariable } from './xmile-model.ts'
import type { XmlNode } from './xml-tree.ts'
import { childOf, childrenOf } from './xml-tree.ts'

const maximumVariables = 20_000
const maximumElements = 10_000

/**
 * Reads an XMILE 1.0 model (OASIS Standard, 14 December 2015) from a plain element tree. What is not supported is refused, all of it named at once;
 * views, styles and what else does not change a result is passed over.
 */
export function readXmile(root: XmlNode): XmileModel {
  const findings: Finding[] = []
  const report = (message: string): void => {
    if (findings.length < 100) findings.push({ rule: 'xmile', message })
  }
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      findings.push(...error.findings.slice(0, 100 - findings.length))
      return undefined
    }
  }
  if (root.name !== 'xmile') throw new Refusal([{ rule: 'xmile', message: `The root element is ${root.name}, not xmile` }])
  const models = childrenOf(root, 'model')
  const [model] = models
  if (model === undefined || models.length !== 1)
    report(models.length === 0 ? 'There is no model' : `There are ${models.length} models: modules are not supported`)
  for (const macro of childrenOf(root, 'macro')) report(`The macro ${macro.attributes['name'] ?? ''} is not supported`)
  if (childOf(root, 'data') !== undefined) report('External data are not supported')
  const specs = attempt(() => readSpecs(childOf(root, 'sim_specs') ?? (model && childOf(model, 'sim_specs'))))
  const dimensions = attempt(() => readDimensions(childOf(root, 'dimensions'))) ?? new Map<string, Dimension>()
  const sections = model === undefined ? [] : childrenOf(model, 'variables')
  const nodes = sections.flatMap((section) => section.children)
  if (nodes.length > maximumVariables) report(`There are ${nodes.length} variables, more than ${maximumVariables}`)
  const behaviours = [childOf(root, 'behavior'), model && childOf(model, 'behavior')].filter((node) => node !== undefined)
  const variables: XmileVariable[] = []
  const graphs = new Map<string, GraphicalFunction>()
  for (const node of nodes.slice(0, maximumVariables)) {
    const label = node.attributes['name'] ?? ''
    if (node.name === 'gf') {
      const graph = attempt(() => readGraphicalFunction(node, label))
      if (graph !== undefined) graphs.set(canonicalName(label), graph)
    } else if (node.name === 'stock' || node.name === 'flow' || node.name === 'aux') {
      const kind = node.name
      const variable = attempt(() => readVariable(node, kind, label, dimensions, behaviours, report))
      if (variable !== undefined) variables.push(variable)
    } else if (node.name !== 'group') report(`The ${node.name} ${label} is not supported`)
  }
  const seen = new Set<string>()
  for (const { name, label } of variables) {
    if (seen.has(name)) report(`Two variables are named ${label}`)
    seen.add(name)
  }
  if (findings.length > 0 || specs === undefined) throw new Refusal(findings)
  const header = childOf(root, 'header')
  return { name: (header && childOf(header, 'name')?.text) ?? '', specs, dimensions, variables, graphs }
}

function readSpecs(node: XmlNode | undefined): SimulationSpecs {
  if (node === undefined) throw new Refusal([{ rule: 'xmile', message: 'There are no sim_specs' }])
  const number = (name: string): number => {
    const text = childOf(node, name)?.text
    const value = Number(text)
    if (text === undefined || text === '' || !Number.isFinite(value) || Math.abs(value) > 1e12) {
      throw new Refusal([{ rule: 'xmile', message: `sim_specs has no usable ${name}${text === undefined ? '' : `: ${text}`}` }])
    }
    return value
  }
  const start = number('start')
  const stop = number('stop')
  const step = childOf(node, 'dt') === undefined ? 1 : number('dt')
  const dt = childOf(node, 'dt')?.attributes['reciprocal'] === 'true' ? 1 / step : step
  if (!(dt > 1e-12 && Number.isFinite(dt))) throw new Refusal([{ rule: 'xmile', message: `dt must be above 0, not ${dt}` }])
  if (!(stop >= start)) throw new Refusal([{ rule: 'xmile', message: `The stop ${stop} is before the start ${start}` }])
  const wanted = (node.attributes['method'] ?? 'euler').toLowerCase().split(',')
  const method = wanted.map((one) => one.trim()).find((one) => one === 'euler' || one === 'rk4')
  if (method === undefined) throw new Refusal([{ rule: 'xmile', message: `The integration method ${wanted.join(',')} is not supported` }])
  return { start, stop, dt, method, timeUnits: node.attributes['time_units'] ?? '' }
}

function readDimensions(node: XmlNode | undefined): Map<string, Dimension> {
  const dimensions = new Map<string, Dimension>()
  for (const dim of node === undefined ? [] : childrenOf(node, 'dim')) {
    const label = dim.attributes['name'] ?? ''
    const named = childrenOf(dim, 'elem').map((elem) => elem.attributes['name'] ?? '')
    const size = Number(dim.attributes['size'] ?? named.length)
    if (!Number.isInteger(size) || size < 1 || size > maximumElements) {
      throw new Refusal([{ rule: 'xmile', message: `The dimension ${label} must have 1 to ${maximumElements} elements` }])
    }
    const labels = named.length > 0 ? named : Array.from({ length: size }, (_, i) => String(i + 1))
    const name = canonicalName(label)
    dimensions.set(name, { name, labels, elements: labels.map(canonicalName) })
  }
  return dimensions
}

const refusedParts: Readonly<Record<string, string>> = {
  conveyor: 'a conveyor',
  queue: 'a queue',
  oven: 'an oven',
  leak: 'a leak of a conveyor',
  leak_integers: 'a leak of a conveyor',
  overflow: 'an overflow of a queue',
  multiplier: 'a unit multiplier of a flow',
  mathml: 'MathML',
}

function readVariable(
  node: XmlNode,
  kind: XmileVariable['kind'],
  label: string,
  dimensions: ReadonlyMap<string, Dimension>,
  behaviours: readonly XmlNode[],
  report: (message: string) => void,
): XmileVariable {
  const name = canonicalName(label)
  if (name === '') throw new Refusal([{ rule: 'xmile', message: `A ${kind} has no name` }])
  for (const child of node.children) {
    const part = Object.hasOwn(refusedParts, child.name) ? refusedParts[child.name] : undefined
    if (part !== undefined) report(`${label} is or has ${part}, which is not supported`)
  }
  const own = childOf(node, 'dimensions')
  const dims = (own === undefined ? [] : childrenOf(own, 'dim')).map((dim) => {
    const found = dimensions.get(canonicalName(dim.attributes['name'] ?? ''))
    if (found === undefined) throw new Refusal([{ rule: 'xmile', message: `${label} has the unknown dimension ${dim.attributes['name'] ?? ''}` }])
    return found
  })
  const graph = childOf(node, 'gf')
  const elementEquations = new Map<string, string>()
  for (const element of childrenOf(node, 'element')) {
    const key = (element.attributes['subscript'] ?? '').split(',').map(canonicalName).join(',')
    if (childOf(element, 'gf') !== undefined) report(`${label} has a graphical function of one element, which is not supported`)
    if (elementEquations.has(key)) report(`${label} has two equations for its element ${key}`)
    elementEquations.set(key, childOf(element, 'eqn')?.text ?? '')
  }
  return {
    kind,
    label,
    name,
    units: childOf(node, 'units')?.text ?? '',
    dimensions: dims,
    equation: equationOf(node, dims.length > 0),
    elementEquations,
    initialEquation: childOf(node, 'init_eqn')?.text,
    graph: graph === undefined ? undefined : readGraphicalFunction(graph, label),
    nonNegative: kind !== 'aux' && isNonNegative(node, kind, behaviours),
    inflows: childrenOf(node, 'inflow').map((flow) => canonicalName(flow.text)),
    outflows: childrenOf(node, 'outflow').map((flow) => canonicalName(flow.text)),
  }
}

/** An array may list one equation an element, in the order of its elements; a number has one. */
function equationOf(node: XmlNode, isArray: boolean): string | undefined {
  const equations = childrenOf(node, 'eqn')
  if (equations.length <= 1) return equations[0]?.text
  if (!isArray) throw new Refusal([{ rule: 'xmile', message: `${node.attributes['name'] ?? ''} has ${equations.length} equations` }])
  return equations.map((equation) => equation.text).join(',')
}

/** The variable's own word, else that of its kind in a behaviour section, else that of all kinds there (XMILE 1.0, 2.4). */
function isNonNegative(node: XmlNode, kind: 'stock' | 'flow', behaviours: readonly XmlNode[]): boolean {
  const sayings = [node, ...behaviours.flatMap((one) => [childOf(one, kind), one])].map((one) => one && childOf(one, 'non_negative'))
  const said = sayings.find((one) => one !== undefined)
  return said !== undefined && said.text.toLowerCase() !== 'false'
}
