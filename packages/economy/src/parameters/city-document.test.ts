import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { CityInputs } from '../city-model/city-inputs.ts'
import { withScenario } from '../city-model/compare-runs.ts'
import { runCity } from '../city-model/run-city.ts'
import { Refusal } from '../refusal.ts'
import { parseCityDocument } from './city-document.ts'
import { demoCity } from './demo-city.ts'
import { resolveCity } from './resolve-city.ts'

interface Loose {
  parameters: Record<string, { unit: string; values: Record<string, unknown>[] }>
  [member: string]: unknown
}
const changed = (change: (city: Loose) => void): unknown => {
  const city = structuredClone(demoCity) as unknown as Loose
  change(city)
  return city
}
const inputsOf = (document: unknown): CityInputs => resolveCity(parseCityDocument(document)).inputs

test('the demo parses to itself and counts two derived and otherwise assumed parameters', () => {
  assert.deepEqual(parseCityDocument(JSON.parse(JSON.stringify(demoCity))).parameters, JSON.parse(JSON.stringify(demoCity.parameters)))
  const { kinds } = resolveCity(parseCityDocument(demoCity))
  assert.equal(kinds.derived, 2)
  assert.equal(kinds.observed, 0)
  assert.ok(kinds.assumed > 40)
})

test('the newest value not after the base year is in force', () => {
  const document = changed((city) => {
    const [value] = city.parameters['totalFertility']!.values
    city.parameters['totalFertility']!.values = [
      { ...value, from: 2015, value: 1.5 },
      { ...value, from: 2018, value: 1.4 },
      { ...value, from: 2021, value: 1.1 },
    ]
  })
  assert.equal(inputsOf(document).parameters.totalFertility, 1.4)
})

for (const [what, change, message] of [
  ['a missing year', (city) => (city.parameters['exports']!.values[0]!['from'] = 2025), /exports has no value in force in 2020/],
  ['mixed vintages', (city) => (city.parameters['localSupplyShare']!.values[0]!['year'] = 2011), /tables of different years:.*localSupplyShare 2011/],
  [
    'a share above one',
    (city) => (city.parameters['localSupplyShare']!.values[0]!['value'] = [0.2, 1.2, 0.9]),
    /localSupplyShare of Services is 1\.2/,
  ],
  [
    'a negative age',
    (city) => (city.parameters['femaleByAge']!.values[0]!['value'] = [-5, ...Array.from({ length: 100 }, () => 10)]),
    /femaleByAge at age 0 is -5/,
  ],
  [
    'a basket that sums to 1.1',
    (city) => (city.parameters['householdBasket']!.values[0]!['value'] = [0.3, 0.6, 0.2]),
    /householdBasket sums to 1\.1/,
  ],
  [
    'a column above one',
    (city) => (city.parameters['compensationShare']!.values[0]!['value'] = [0.6, 0.2, 0.5]),
    /column Industry: inputs, compensation and taxes take 1\.15/,
  ],
  ['another unit', (city) => (city.parameters['exports']!.unit = 'USD'), /parameters\.exports\.unit is USD, not money\/year/],
  ['a parameter that does not exist', (city) => (city.parameters['gdp'] = city.parameters['exports']!), /there is no parameter gdp/],
  [
    'a text for a number',
    (city) => (city.parameters['totalFertility']!.values[0]!['value'] = '1.2'),
    /totalFertility\.values\[0\]\.value is no object/,
  ],
  ['a kind that does not exist', (city) => (city.parameters['totalFertility']!.values[0]!['kind'] = 'guessed'), /kind is guessed/],
  ['a member that does not exist', (city) => (city['note'] = 'x'), /city has no member note/],
] as readonly (readonly [string, (city: Loose) => unknown, RegExp])[]) {
  test(`${what} is refused by its place`, () => {
    const document = changed((city) => void change(city))
    assert.throws(
      () => runCity(inputsOf(document)),
      (error) => error instanceof Refusal && error.findings.some((finding) => message.test(finding.message)),
    )
  })
}

test('a change of a stock after the first year, or of no place, is refused', () => {
  const inputs = inputsOf(demoCity)
  const run = (change: CityInputs['changes'][number]): unknown => runCity({ ...inputs, changes: [change] })
  assert.throws(() => run({ parameter: 'initialDebt', operation: 'set', value: 1, fromYear: 2 }), /a stock of the first year cannot change later/)
  assert.throws(() => run({ parameter: 'exports', operation: 'scale', value: 2, index: 3 }), /it has no place 3/)
  assert.throws(() => run({ parameter: 'inputCoefficients', operation: 'scale', value: 2 }), /input coefficients are fixed/)
  assert.throws(() => run({ parameter: 'exports', operation: 'add', value: Number.NaN }), /its value is NaN/)
})

/** Replaces one node of a document, anywhere, by one of the odd values. */
function mutated(document: unknown, path: readonly number[], odd: unknown): unknown {
  if (path.length === 0 || typeof document !== 'object' || document === null) return odd
  const keys = Object.keys(document)
  if (keys.length === 0) return odd
  const key = keys[path[0]! % keys.length]!
  const inner = mutated((document as Record<string, unknown>)[key], path.slice(1), odd)
  if (Array.isArray(document)) return document.map((member: unknown, i) => (`${i}` === key ? inner : member))
  return { ...document, [key]: inner }
}

test('10,000 random documents run or are refused with a reason, and no output is NaN', (t) => {
  const numbers = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 0.5, 1e-9, 1e9, 1e15, -1e15, 2020, Number.MAX_VALUE, Number.MIN_VALUE),
    fc.double({ noNaN: false }),
  )
  const odd = fc.oneof(
    { weight: 6, arbitrary: numbers },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
  const paths = fc.array(fc.nat(60), { minLength: 1, maxLength: 6 })
  const inside = fc.tuple(fc.nat(60), fc.nat(0), fc.nat(3)).map(([parameter, value, row]) => [5, parameter, 1, value, 2, row])
  const believable = fc.double({ min: 0, max: 1, noNaN: true })
  const edits = fc.array(fc.oneof(fc.tuple(paths, odd), fc.tuple(inside, fc.oneof(odd, believable, believable))), { minLength: 1, maxLength: 3 })
  const start = { ...demoCity, horizonYears: 2 }
  let ran = 0
  fc.assert(
    fc.property(edits, fc.boolean(), (changes, measured) => {
      const document = changes.reduce<unknown>((city, [path, value]) => mutated(city, path, value), start)
      try {
        const city = parseCityDocument(document)
        if (city.horizonYears > 40) return
        const { inputs } = resolveCity(city)
        const { years } = runCity(measured && city.scenarios[0] !== undefined ? withScenario(inputs, city.scenarios[0]) : inputs)
        ran += 1
        assert.ok(!/NaN|Infinity|null/.test(JSON.stringify(years)))
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
        assert.ok(error.findings.length > 0 && error.message.length > 5)
      }
    }),
    { seed: 6, numRuns: 10_000 },
  )
  t.diagnostic(`${ran} of 10000 documents could be run, the others were refused`)
  assert.ok(ran > 500 && ran < 9500)
})
