import { NgsiLdError } from '../errors.ts'
import type { Cursor } from './cursor.ts'
import type { Expand } from './name.ts'
import { qLimits } from './q.ts'

/** A parse under way. */
export type Parsing = {
  readonly cursor: Cursor
  readonly what: string
  readonly expand: Expand
  readonly expandValues: ReadonlySet<string>
  nodes: number
  depth: number
}

/** Counts a node against the limit. */
export function count(parsing: Parsing): void {
  parsing.nodes += 1
  if (parsing.nodes > qLimits.nodes) throw new NgsiLdError('TooComplexQuery', `${parsing.what} must have at most ${qLimits.nodes} nodes`)
}
