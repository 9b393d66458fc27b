import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allocationCoefficients, importShares, inputCoefficients, perOutput, regionalCoefficients } from './coefficients.ts'
import { type InputOutputTable, primaryInput, requireBalanced } from './input-output-table.ts'
import { closedModel, columnSums, leontiefInverse, outputFor, ratioMultipliers, rowSums, totalEffects } from './multipliers.ts'

const rounded = (values: readonly (number | undefined)[], digits: number): string[] => values.map((value) => value!.toFixed(digits))

/** Miller and Blair, Input-Output Analysis, 2nd edition 2009, chapter 2, the two-sector example. */
const millerBlair = {
  intermediate: [
    [150, 500],
    [200, 100],
  ],
  output: [1000, 2000],
}

test('Miller and Blair 2.3: coefficients, inverse and the output of a new final demand', () => {
  const a = inputCoefficients(millerBlair.intermediate, millerBlair.output)
  assert.deepEqual(a, [
    [0.15, 0.25],
    [0.2, 0.05],
  ])
  const inverse = leontiefInverse(a)
  assert.deepEqual(rounded(inverse.flat(), 8), ['1.25412541', '0.33003300', '0.26402640', '1.12211221'])
  const exact = [380 / 303, 100 / 303, 80 / 303, 340 / 303]
  for (const [i, value] of inverse.flat().entries()) assert.ok(Math.abs(value - exact[i]!) < 1e-15)
  assert.deepEqual(rounded(outputFor(a, [600, 1500]), 1), ['1247.5', '1841.6'])
})

test('Miller and Blair 2.5: the household closure, its multipliers and their common ratio 1.2885', () => {
  const a = inputCoefficients(millerBlair.intermediate, millerBlair.output)
  const closed = closedModel(a, { income: [0.3, 0.25], purchases: [0.05, 0.4], withinHouseholds: 0.05 })
  assert.deepEqual(rounded(closed.inverse.flat(), 4), ['1.3651', '0.4253', '0.2509', '0.5273', '1.3481', '0.5954', '0.5698', '0.4890', '1.2885'])
  assert.deepEqual(rounded(closed.typeI, 4), ['1.4741', '1.5182'])
  assert.deepEqual(rounded(closed.typeII, 4), ['1.8995', '1.9562'])
  assert.equal(closed.ratio.toFixed(4), '1.2885')
})

test('Barnett, Ziegler, Byleen: the inverse of ((.4, .2), (.2, .1)) and two demands', () => {
  const m = [
    [0.4, 0.2],
    [0.2, 0.1],
  ]
  assert.deepEqual(rounded(leontiefInverse(m).flat(), 12), ['1.800000000000', '0.400000000000', '0.400000000000', '1.200000000000'])
  assert.deepEqual(rounded(outputFor(m, [12, 9]), 9), ['25.200000000', '15.600000000'])
  assert.deepEqual(rounded(outputFor(m, [8, 5]), 9), ['16.400000000', '9.200000000'])
})

/**
 * Germany 1995, six branches, million DM: J. Beutel in Eurostat Manual of Supply, Use and Input-Output Tables (2008), table 15.4. The output of
 * manufacturing is the column total 1,079,446; the printed row total is rounded to 1,079,400.
 */
const germany: InputOutputTable = {
  area: 'Germany',
  year: 1995,
  unit: 'million DM',
  source: 'Eurostat Manual 2008, table 15.4',
  form: 'regional',
  sectors: ['Agriculture', 'Manufacturing', 'Construction', 'Trade', 'Business services', 'Other services'],
  intermediate: [
    [1131, 25_480, 1, 607, 710, 762],
    [7930, 304_584, 64_167, 41_082, 11_981, 30_360],
    [426, 7334, 3875, 5296, 23_457, 9155],
    [3559, 72_717, 14_190, 74_399, 10_835, 21_008],
    [3637, 96_115, 31_027, 65_755, 193_176, 34_223],
    [1552, 14_986, 1747, 11_225, 15_058, 22_070],
  ],
  finalDemand: [
    { name: 'households', values: [8500, 197_792, 3457, 269_663, 214_757, 119_504] },
    { name: 'government', values: [16, 8588, 742, 13_492, 10_061, 317_251] },
    { name: 'capital formation', values: [2975, 91_692, 191_715, 14_155, 30_124, 3483] },
    { name: 'inventories', values: [-6, 7559, 0, 0, 0, 0] },
    { name: 'exports', values: [3734, 313_711, 149, 46_045, 13_612, 2042] },
  ],
  primaryInputs: [
    { name: 'imports', values: [2927, 156_703, 13_427, 21_943, 13_371, 13_772] },
    { name: 'taxes on products', values: [1084, 6505, 1548, 8349, 8473, 12_551] },
    { name: 'compensation', values: [9382, 296_464, 78_819, 214_450, 124_810, 272_975] },
    { name: 'other taxes', values: [-2012, 1457, 963, 2748, 5946, -8602] },
    { name: 'fixed capital', values: [7871, 63_769, 5860, 41_100, 98_610, 49_260] },
    { name: 'net surplus', values: [6423, 33_332, 29_982, 53_109, 186_060, 51_384] },
  ],
  output: [43_910, 1_079_446, 245_606, 540_063, 692_487, 508_918],
  jobs: [1096, 8381, 3236, 9251, 4258, 10_206],
}

test('Germany 1995: rows and columns balance to zero', () => {
  requireBalanced(germany, { absolute: 0 })
})

test('Germany 1995: output, value-added and employment multipliers to four decimals', () => {
  const inverse = leontiefInverse(inputCoefficients(germany.intermediate, germany.output))
  assert.deepEqual(rounded(columnSums(inverse), 4), ['1.7048', '1.8413', '1.8136', '1.6035', '1.5951', '1.3782'])
  const added = ['compensation', 'other taxes', 'fixed capital', 'net surplus'].map((name) => primaryInput(germany, name))
  const gva = perOutput(
    germany.output.map((_, j) => added.reduce((sum, row) => sum + row[j]!, 0)),
    germany.output,
  )
  assert.deepEqual(rounded(totalEffects(gva, inverse), 4), ['0.8450', '0.7647', '0.8615', '0.9019', '0.9393', '0.9199'])
  const jobs = perOutput(germany.jobs!, germany.output)
  assert.deepEqual(rounded(totalEffects(jobs, inverse), 4), ['0.0326', '0.0162', '0.0207', '0.0237', '0.0112', '0.0242'])
})

test('Germany 1995: the forward linkage of manufacturing is 1.6910', () => {
  // a test file of rOpenGov/iotables holds 1.6691, which the table does not give
  const ghosh = leontiefInverse(allocationCoefficients(germany.intermediate, germany.output))
  assert.equal(rowSums(ghosh)[1]!.toFixed(4), '1.6910')
})

test('Germany 1995 with a wrong cell is refused with account, row, column and difference', () => {
  const intermediate = germany.intermediate.map((row, i) => row.map((value, j) => (i === 1 && j === 3 ? value + 100 : value)))
  assert.throws(
    () => requireBalanced({ ...germany, intermediate }, { absolute: 0.5 }),
    (error: Error & { findings: unknown[] }) => {
      assert.deepEqual(error.findings, [
        {
          rule: 'row balance',
          account: 'output',
          row: 'Manufacturing',
          column: 'total use',
          difference: 100,
          message: 'row Manufacturing: uses are 1079546, output is 1079446',
        },
        {
          rule: 'column balance',
          account: 'output',
          row: 'total input',
          column: 'Trade',
          difference: 100,
          message: 'column Trade: inputs are 540163, output is 540063',
        },
      ])
      return true
    },
  )
})

test('Netherlands, six branches: compensation multipliers 2.466 2.333 1.840 2.372 1.953 1.417', () => {
  // D'Hernoncourt, Cordier, Hadley 2011, Input-Output Multipliers: Specification sheet (Spicosa), million euro
  const intermediate = [
    [2731, 3, 8260, 36, 59, 615],
    [4, 282, 2013, 3979, 188, 60],
    [3322, 291, 40_218, 480, 8004, 16_999],
    [983, 53, 2400, 4395, 85, 3458],
    [121, 70, 565, 135, 14_103, 9509],
    [2884, 1078, 28_400, 1404, 9339, 106_994],
  ]
  const output = [21_863, 12_292, 210_900, 18_249, 60_244, 435_953]
  const income = perOutput([2336, 520, 35_083, 1629, 14_339, 151_784], output)
  const multipliers = ratioMultipliers(income, leontiefInverse(inputCoefficients(intermediate, output)))
  assert.deepEqual(rounded(multipliers, 3), ['2.466', '2.333', '1.840', '2.372', '1.953', '1.417'])
})

/** Kawasaki 2000, one sector, 10^8 yen: the city's own table (city.kawasaki.jp, page 0000011201). */
const kawasaki: InputOutputTable = {
  area: 'Kawasaki',
  year: 2000,
  unit: '10^8 JPY',
  source: 'Kawasaki City input-output table 2000',
  form: 'competitiveImport',
  sectors: ['All'],
  intermediate: [[53_772]],
  finalDemand: [
    { name: 'domestic', values: [46_567] },
    { name: 'exports', values: [57_097] },
  ],
  imports: [48_484],
  primaryInputs: [
    { name: 'outside households', values: [1923] },
    { name: 'compensation', values: [26_412] },
    { name: 'surplus', values: [9471] },
    { name: 'fixed capital', values: [9960] },
    { name: 'taxes less subsidies', values: [7414] },
  ],
  output: [108_952],
}

test('Kawasaki 2000: the published accounts close exactly', () => {
  requireBalanced(kawasaki, { absolute: 0 })
  assert.equal(108_952 + 48_484, 157_436)
  assert.equal(53_772 + 46_567 + 57_097, 157_436)
  assert.equal(
    kawasaki.primaryInputs.reduce((sum, { values }) => sum + values[0]!, 0),
    55_180,
  )
})

test('Kawasaki 2000: Type I 1.34239, and the competitive-import model returns the output of the table', () => {
  const [share] = importShares(kawasaki, ['exports'])
  assert.equal(share!.toFixed(5), '0.48320')
  const total = inputCoefficients(kawasaki.intermediate, kawasaki.output)
  assert.equal(total[0]![0]!.toFixed(5), '0.49354')
  const regional = regionalCoefficients(total, [share!])
  assert.equal(regional[0]![0]!.toFixed(5), '0.25506')
  assert.equal(columnSums(leontiefInverse(regional))[0]!.toFixed(5), '1.34239')
  const output = outputFor(regional, [(1 - share!) * 46_567 + 57_097])[0]!
  assert.ok(Math.abs(output - 108_952) < 1e-9)
})

test('Kawasaki 2000: Type II lies between 1.47 and 1.52 when households spend half to seven tenths of all wages', () => {
  const [share] = importShares(kawasaki, ['exports'])
  const regional = regionalCoefficients(inputCoefficients(kawasaki.intermediate, kawasaki.output), [share!])
  const typeII = [0.5, 0.6, 0.7].map(
    (spent) => closedModel(regional, { income: [26_412 / 108_952], purchases: [spent * (1 - share!)] }).outputMultipliers[0]!,
  )
  assert.deepEqual(rounded(typeII, 2), ['1.47', '1.49', '1.52'])
})

test('an import share above one is refused by its sector', () => {
  assert.throws(() => importShares({ ...kawasaki, imports: [200_000] }, ['exports']), /the import share of All is 1\.99.*outside 0 to 1/)
})
