import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { expand } from './fixture.ts'
import { toName } from './name.ts'
import { type TypeSelection, matchesTypes, parseTypeSelection, printTypeSelection } from './type-selection.ts'

const name = fc.constantFrom('Building', 'House', 'urn:x:T', 'http://a.org/b#c', 'ŽilinaBus').map((written) => toName(written, expand))
const selection: fc.Arbitrary<TypeSelection> = fc.oneof(
  fc.constant<TypeSelection>({ kind: 'any' }),
  fc
    .array(fc.array(name, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
    .map((alternatives): TypeSelection => ({ kind: 'anyOf', alternatives })),
)

const selects = (text: string, ...types: readonly string[]): boolean => matchesTypes(parseTypeSelection(text, expand), types.map(expand))

test('4.17 a printed selection parses to the same tree', () => {
  fc.assert(
    fc.property(selection, (tree) => assert.deepEqual(parseTypeSelection(printTypeSelection(tree), expand), tree)),
    { numRuns: 10_000, seed: 417 },
  )
})

test('4.17 the examples select what they say', () => {
  for (const text of ['Building|House', 'Building,House']) {
    assert.equal(selects(text, 'House', 'Other'), true)
    assert.equal(selects(text, 'Vehicle'), false)
  }
  assert.equal(selects('(Home;Vehicle)', 'Vehicle', 'Home'), true)
  assert.equal(selects('(Home;Vehicle)', 'Home'), false)
  assert.equal(selects('(Home;Vehicle),Motorhome', 'Motorhome'), true)
  assert.equal(selects('*', 'Anything'), true)
})

test('4.17 what is no selection is refused with the position', () => {
  for (const text of ['', 'A,', '(A', 'A)', '()', '((A))', 'A|*', 'A B'])
    assert.throws(() => parseTypeSelection(text, expand), /type must have .* at position/, text)
})
