import type { Attribute } from '../entity/entity.ts'

/** Whether two instances say the same: kind, value and properties, not when or under which id they were recorded. */
export function sameContent(left: Attribute, right: Attribute): boolean {
  return (
    left.kind === right.kind &&
    left.unitCode === right.unitCode &&
    left.observedAt === right.observedAt &&
    left.valueType === right.valueType &&
    left.expiresAt === right.expiresAt &&
    same(left.objectType, right.objectType) &&
    same(left.value, right.value) &&
    sameSub(left.sub ?? {}, right.sub ?? {})
  )
}

function sameSub(left: NonNullable<Attribute['sub']>, right: NonNullable<Attribute['sub']>): boolean {
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => {
    const ours = left[name] ?? []
    const theirs = Object.hasOwn(right, name) ? (right[name] ?? []) : []
    return ours.length === theirs.length && ours.every((instance, index) => theirs[index] !== undefined && sameContent(instance, theirs[index]))
  })
}

function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, index) => same(item, right[index]))
  }
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => Object.hasOwn(right, name) && same(Reflect.get(left, name), Reflect.get(right, name)))
}
