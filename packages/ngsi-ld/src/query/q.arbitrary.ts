import * as fc from 'fast-check'
import { formatInstant } from '../entity/instant.ts'
import { expand } from './fixture.ts'
import { type Name, toName } from './name.ts'
import type { Q, QLink, QOperand, QPath, QValue } from './q.ts'
import { formatTimeOfDay } from './temporal-value.ts'

/** Trees are compared with parsed ones, whose objects are ordinary. */
const plain = { noNullPrototype: true } as const

const name = fc.constantFrom('a', 'b1', 'speed', 'Größe', 'x_y', '温度', 'observedAt', 'not', 'true').map((written): Name => toName(written, expand))
const member = fc.constantFrom('city', 'en-GB', '_x', 'b').map((written): Name => toName(written, expand))
const link: fc.Arbitrary<QLink> = fc.record({ name, types: fc.array(name, { maxLength: 2 }) }, plain)

const path: fc.Arbitrary<QPath> = fc
  .record({
    links: fc.array(link, { maxLength: 2 }),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    members: fc.option(fc.oneof(fc.array(member, { minLength: 1, maxLength: 2 }), fc.constant([{ written: '*', expanded: '*' }])), {
      nil: undefined,
    }),
  })
  .map(({ links, names, members }) => (members === undefined ? { links, names } : { links, names, members }))

const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => second * 1_000_000 + (second % 7))
const comparables: readonly fc.Arbitrary<QValue>[] = [
  fc.string({ unit: 'binary', maxLength: 8 }).map((value) => ({ kind: 'string', value })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ kind: 'number', value: value + 0 })),
  fc.integer({ min: -100, max: 100 }).map((value) => ({ kind: 'number', value: value + 0 })),
  instant.map((at) => ({ kind: 'dateTime', text: formatInstant(at), at })),
  instant.map((at) => ({ kind: 'date', text: formatInstant(at).slice(0, 10) })),
  fc.integer({ min: 0, max: 86_399_999_999 }).map((ofDayUs) => ({ kind: 'time', text: formatTimeOfDay(ofDayUs), ofDayUs })),
]
const value: fc.Arbitrary<QValue> = fc.oneof(
  ...comparables,
  fc.boolean().map((of): QValue => ({ kind: 'boolean', value: of })),
  fc.constantFrom('urn:x:1', 'Male', 'http://a/b?c=d', 'f(x)', '12a', '-').map((of): QValue => ({ kind: 'word', value: of })),
)
const comparable = fc.oneof(...comparables)
const operand: fc.Arbitrary<QOperand> = fc.oneof(
  value.map((of): QOperand => ({ kind: 'single', value: of })),
  fc.array(value, { minLength: 2, maxLength: 4 }).map((values): QOperand => ({ kind: 'list', values })),
  ...comparables.map((bound) => fc.tuple(bound, bound).map(([from, to]): QOperand => ({ kind: 'range', from, to }))),
)
const term: fc.Arbitrary<Q> = fc.oneof(
  fc.record({ kind: fc.constant('exists' as const), path, negated: fc.boolean() }, plain),
  fc.record({ kind: fc.constant('compare' as const), path, op: fc.constantFrom('==' as const, '!=' as const), operand }, plain),
  fc.record(
    {
      kind: fc.constant('compare' as const),
      path,
      op: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
      operand: comparable.map((of): QOperand => ({ kind: 'single', value: of })),
    },
    plain,
  ),
  fc.record(
    { kind: fc.constant('pattern' as const), path, negated: fc.boolean(), pattern: fc.constantFrom('', '^a', 'b|c;', '(x)', '\\d+\\"', '[^x\\"]') },
    plain,
  ),
)

/** Any query tree that a parser could have made. */
export const arbitraryQ: fc.Arbitrary<Q> = fc.letrec<{ q: Q }>((tie) => ({
  q: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    term,
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), terms: fc.array(tie('q'), { minLength: 2, maxLength: 3 }) }, plain),
  ),
})).q
