import type { Entity } from '../entity/entity.ts'
import type { Json } from '../json.ts'
import { equals, orderOf } from './compare-value.ts'
import { searches } from './pattern.ts'
import type { Q, QOperand, QOperator, QPattern, QValue } from './q.ts'
import { type FindLinked, type Target, targetsOf } from './q-target.ts'

const findNone: FindLinked = () => undefined

/**
 * Whether the entity meets the query (CIM 009, 4.9). Of several instances any may meet a term; so `!=` holds where one instance differs.
 * Values of different data types are unequal and unordered. Strings compare by code unit (RFC 8259, 8.3), URIs as they are written.
 */
export function matchesQ(q: Q, entity: Entity, findLinked: FindLinked = findNone): boolean {
  switch (q.kind) {
    case 'and':
      return q.terms.every((term) => matchesQ(term, entity, findLinked))
    case 'or':
      return q.terms.some((term) => matchesQ(term, entity, findLinked))
    case 'exists':
      return targetsOf(q.path, entity, findLinked).length > 0 !== q.negated
    case 'compare':
      return targetsOf(q.path, entity, findLinked).some((target) => compares(target, q.op, q.operand))
    case 'pattern':
      return targetsOf(q.path, entity, findLinked).some((target) => matchesPattern(target, q))
  }
}

function compares(target: Target, op: QOperator, operand: QOperand): boolean {
  switch (op) {
    case '==':
      return isEqual(target, operand)
    case '!=':
      return !isEqual(target, operand)
    case '>':
      return ordered(target, operand, (order) => order > 0)
    case '>=':
      return ordered(target, operand, (order) => order >= 0)
    case '<':
      return ordered(target, operand, (order) => order < 0)
    case '<=':
      return ordered(target, operand, (order) => order <= 0)
  }
}

function isEqual(target: Target, operand: QOperand): boolean {
  switch (operand.kind) {
    case 'single':
      return equalsAny(target, [operand.value])
    case 'list':
      return equalsAny(target, operand.values)
    case 'range':
      return isWithin(target, operand.from, operand.to)
  }
}

/** An array is equal to what it includes. */
function equalsAny(target: Target, values: readonly QValue[]): boolean {
  const parts =
    target.kind === 'value' && Array.isArray(target.value) ? target.value.map((part: Json): Target => ({ ...target, value: part })) : [target]
  return parts.some((part) => singles(part).some((single) => values.some((value) => equals(single, value))))
}

/** A relationship has no order, so it lies in no range. */
function isWithin(target: Target, from: QValue, to: QValue): boolean {
  return singles(target).some((single) => {
    const [low, high] = [orderOf(single, from), orderOf(single, to)]
    return low !== undefined && high !== undefined && low >= 0 && high <= 0
  })
}

function ordered(target: Target, operand: QOperand, holds: (order: number) => boolean): boolean {
  if (operand.kind !== 'single') return false
  return singles(target).some((single) => {
    const order = orderOf(single, operand.value)
    return order !== undefined && holds(order)
  })
}

/** A value of another data type than string matches no pattern, and is not outside of it either; nor does a relationship. */
function matchesPattern(target: Target, q: QPattern): boolean {
  if (target.kind === 'value' && (target.of === 'Relationship' || target.of === 'ListRelationship')) return false
  const texts = singles(target).flatMap((single) => (single.kind === 'value' && typeof single.value === 'string' ? [single.value] : []))
  if (texts.length === 0) return false
  return texts.some((text) => searches(q, text)) !== q.negated
}

/** The single targets; any language of a language map counts. */
function singles(target: Target): readonly Exclude<Target, { kind: 'languages' }>[] {
  return target.kind === 'languages' ? target.values.map((value) => ({ kind: 'value', of: 'Property', value })) : [target]
}
