import type { GraphicalFunction } from './graphical-function.ts'

/** Time as a model declares it. */
export interface SimulationSpecs {
  readonly start: number
  readonly stop: number
  readonly dt: number
  readonly method: 'euler' | 'rk4'
  readonly timeUnits: string
}

/** A dimension of arrays; names of elements are canonical, labels as written. */
export interface Dimension {
  readonly name: string
  readonly elements: readonly string[]
  readonly labels: readonly string[]
}

/** A variable as declared, its equations still text. */
export interface XmileVariable {
  readonly kind: 'stock' | 'flow' | 'aux'
  /** As written, for people. */
  readonly label: string
  readonly name: string
  readonly units: string
  readonly dimensions: readonly Dimension[]
  /** One for all elements, or by elements joined by commas. */
  readonly equation: string | undefined
  readonly elementEquations: ReadonlyMap<string, string>
  /** What the variable is at the start only, where that differs (isee's init_eqn). */
  readonly initialEquation: string | undefined
  readonly graph: GraphicalFunction | undefined
  readonly nonNegative: boolean
  readonly inflows: readonly string[]
  readonly outflows: readonly string[]
}

/** A model of the supported subset: one flat model of stocks, flows, auxiliaries, curves and arrays. */
export interface XmileModel {
  readonly name: string
  readonly specs: SimulationSpecs
  readonly dimensions: ReadonlyMap<string, Dimension>
  readonly variables: readonly XmileVariable[]
  /** Curves that stand alone and are called by name. */
  readonly graphs: ReadonlyMap<string, GraphicalFunction>
}
