import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../refusal.ts'
import { importShares, inputCoefficients, regionalCoefficients } from './coefficients.ts'
import { type InputOutputTable, requireBalanced } from './input-output-table.ts'
import { closedModel, columnSums, leontiefInverse } from './multipliers.ts'
import { fleggMultipliers } from './regional-multipliers.ts'

test('random tables give finite multipliers or are refused with a reason', (t) => {
  const odd = fc.constantFrom(0, -1, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 1e-300)
  const cell = (max: number): fc.Arbitrary<number> =>
    fc.oneof({ weight: 30, arbitrary: fc.double({ min: max / 10, max, noNaN: true }) }, { weight: 1, arbitrary: odd })
  const row = (length: number, max: number): fc.Arbitrary<number[]> => fc.array(cell(max), { minLength: length, maxLength: length })
  const tables = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(30)).chain(([order, slip]) =>
    fc.record({
      intermediate: fc.array(row(order, 20), { minLength: order, maxLength: order }),
      output: row(order, 200),
      wages: row(order, 40),
      imports: row(order, 4),
      jobs: row(slip === 0 ? order + 1 : order, 50),
    }),
  )
  let computed = 0
  fc.assert(
    fc.property(tables, ({ intermediate, output, wages, imports, jobs }) => {
      const table: InputOutputTable = {
        area: 'A',
        year: 2020,
        unit: 'x',
        source: 'random',
        form: 'competitiveImport',
        sectors: output.map((_, i) => `${i}`),
        intermediate,
        finalDemand: [],
        imports,
        primaryInputs: [],
        output,
      }
      try {
        requireBalanced(table, { absolute: 1 })
        const coefficients = inputCoefficients(table.intermediate, table.output)
        const local = regionalCoefficients(coefficients, importShares(table, []))
        const all = [
          ...columnSums(leontiefInverse(coefficients)),
          ...closedModel(local, { income: wages.slice(0, output.length).map((value) => value / 100), purchases: output.map(() => 0.1) })
            .outputMultipliers,
          ...fleggMultipliers(coefficients, output, { area: jobs, nation: jobs.map((value) => 2 * value) }).multipliers,
        ]
        computed += 1
        assert.ok(
          all.every((value) => Number.isFinite(value)),
          all.join(' '),
        )
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { seed: 6, numRuns: 10_000 },
  )
  t.diagnostic(`${computed} of 10000 tables gave multipliers, the others were refused`)
  assert.ok(computed > 1000)
})
