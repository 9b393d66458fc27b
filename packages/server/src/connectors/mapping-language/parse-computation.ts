import { operations } from './mapping.ts'
import type { Computation, Operand } from './mapping.ts'
import { parseReference } from './template.ts'
import { entriesOf, isMapField, itemsOf, numberOfField, refuseField } from './yaml-fields.ts'
import type { YamlField } from './yaml-fields.ts'
import { isScalar } from 'yaml'

/** An operation of the closed set, such as `subtract: [total, free]`. */
export function parseComputation(field: YamlField): Computation {
  const [entry, ...others] = entriesOf(field)
  if (entry === undefined || others.length > 0) throw refuseField(field, `must have exactly one of ${operations.join(', ')}`)
  const [name, value] = entry
  const operation = operations.find((known) => known === name)
  if (operation === undefined) throw refuseField(value, `is not an operation; these are: ${operations.join(', ')}`)
  const operands = itemsOf(value).map(parseOperand)
  const least = operation === 'round' ? 1 : 2
  if (operands.length < least) throw refuseField(value, `must have at least ${least} operand${least === 1 ? '' : 's'}, not ${operands.length}`)
  if (operation === 'round' && operands.length > 1 && typeof operands[1] !== 'number')
    throw refuseField(value, 'must have a number of digits as its second operand')
  return { operation, operands }
}

/** A number, a column or an operation. */
export function parseOperand(field: YamlField): Operand {
  if (isMapField(field)) return parseComputation(field)
  return isScalar(field.node) && typeof field.node.value === 'number' ? numberOfField(field) : parseReference(field)
}
