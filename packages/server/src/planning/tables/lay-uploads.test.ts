import { balanceBaseYear, type CityDocument, demoCity, resolveCity, runCity } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layUploads } from './lay-uploads.ts'
import { type RawTable, readRows } from './read-rows.ts'

const table = async (name: string, text: string): Promise<RawTable> => readRows(new TextEncoder().encode(text), name)
const city: CityDocument = { ...demoCity, moneyUnit: 'million', horizonYears: 3 }

/** Two sectors; rows and columns add up to output. */
const cells = [
  ['Goods', 'Goods', 30],
  ['Goods', 'Services', 20],
  ['Goods', 'final:Households', 30],
  ['Goods', 'final:Government', 2],
  ['Goods', 'final:Investment', 8],
  ['Goods', 'export:Sales outside', 60],
  ['Goods', 'imports', 50],
  ['Goods', 'output', 100],
  ['Services', 'Goods', 20],
  ['Services', 'Services', 40],
  ['Services', 'final:Households', 70],
  ['Services', 'final:Government', 40],
  ['Services', 'final:Investment', 10],
  ['Services', 'export:Sales outside', 40],
  ['Services', 'imports', 20],
  ['Services', 'output', 200],
  ['input:Wages', 'Goods', 30],
  ['input:Wages', 'Services', 100],
  ['input:Taxes on production', 'Goods', 5],
  ['input:Taxes on production', 'Services', 4],
  ['input:Surplus', 'Goods', 15],
  ['input:Surplus', 'Services', 36],
] as const
const inputOutput = (year = 2020, unit = 'million'): string =>
  `area,year,unit,form,from,to,value\n${cells.map(([from, to, value]) => `A,${year},${unit},competitiveImport,${from},${to},${value}`).join('\n')}\n`
const people =
  'area,year,sex,age,persons\nA,2019,female,0-14,150\nA,2019,female,15-64,500\nA,2019,female,65+,202\nA,2019,male,0-14,160\nA,2019,male,15-64,510\nA,2019,male,65+,150\n'
const jobs = 'area,year,sector,jobs\nA,2020,Goods,90\nA,2020,Services,600\n'
const commuting = 'area,year,from,to,persons\nA,2020,inside,inside,420\nA,2020,inside,outside,280\nA,2020,outside,inside,180\n'

test("a planner's tables replace people, sectors, jobs and commuting, and each parameter says where it came from", async () => {
  const laid = layUploads(city, [
    await table('jobs.csv', jobs),
    await table('io.csv', inputOutput()),
    await table('people.csv', people),
    await table('commuting.csv', commuting),
  ])
  const { inputs, inForce, kinds } = resolveCity(laid)
  const p = inputs.parameters
  assert.deepEqual(inputs.sectors, ['Goods', 'Services'])
  assert.deepEqual(p.inputCoefficients, [
    [0.3, 0.1],
    [0.2, 0.2],
  ])
  // imports over what the city absorbs: 50 of 90, 20 of 180
  assert.deepEqual(
    p.localSupplyShare.map((share) => share.toFixed(4)),
    ['0.4444', '0.8889'],
  )
  assert.deepEqual(p.householdBasket, [0.3, 0.7])
  assert.deepEqual(p.exports, [60, 40])
  assert.deepEqual(p.jobsPerOutput, [0.9, 3])
  assert.equal(p.inCommuterShare, 0.3)
  assert.equal(p.outCommuterShare, 0.4)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  assert.ok(Math.abs(sum(p.femaleByAge) - 852) < 1e-9 && Math.abs(sum(p.femaleByAge.slice(65)) - 202) < 1e-9)
  assert.equal(p.femaleByAge[7], 10)
  assert.deepEqual(
    [inForce.exports!.source, inForce.exports!.kind, inForce.femaleByAge!.source, inForce.femaleByAge!.year],
    ['io.csv', 'observed', 'people.csv', 2019],
  )
  assert.equal(kinds.observed, 2)
})

test('the city of the tables is balanced to its value added and run with every identity', async () => {
  const small = [
    'initialDebt',
    'initialFund',
    'initialCapital',
    'laggedSurplus',
    'propertyTax',
    'propertyIncome',
    'governmentConsumption',
    'platformOperation',
    'platformInvestment',
    'baseGrant',
  ] as const
  const parameters = { ...city.parameters }
  for (const name of small) {
    const parameter = parameters[name]!
    parameters[name] = { ...parameter, values: parameter.values.map((dated) => ({ ...dated, value: Number(dated.value) / 250 })) }
  }
  const laid = layUploads({ ...city, parameters }, [
    await table('io.csv', inputOutput()),
    await table('people.csv', people),
    await table('jobs.csv', jobs),
  ])
  const { inputs } = balanceBaseYear(resolveCity(laid).inputs, { gva: 190, unemployment: 0.03, fundChange: 0 })
  const run = runCity(inputs)
  assert.ok(Math.abs(run.years[0]!.gva - 190) < 1e-5)
  assert.ok(run.checks.every(({ residual }) => residual < 1e-9))
})

test('another unit, data after the base year, a table without an account, and jobs without a table are refused', async () => {
  const lay = async (name: string, text: string): Promise<unknown> => layUploads(city, [await table(name, text)])
  await assert.rejects(lay('io.csv', inputOutput(2020, 'billion')), /io\.csv is in billion, the city in million/)
  await assert.rejects(lay('io.csv', inputOutput(2024)), /io\.csv is of 2024, after the base year 2020/)
  await assert.rejects(lay('io.csv', inputOutput().replaceAll('final:Government', 'final:Others')), /io\.csv needs a final demand of government/)
  await assert.rejects(lay('jobs.csv', jobs), /jobs\.csv needs the input-output table/)
  await assert.rejects(lay('people.csv', people.replaceAll('2019', '2024')), /people\.csv has no residents of 2020 or before/)
  await assert.rejects(lay('io.csv', inputOutput().replace('Goods,output,100', 'Goods,output,101')), /row Goods: uses are 100, output is 101/)
})

test('a settlement sets the property tax and nothing else, and one that does not add up or has no such line is refused', async () => {
  const settlement = (lines: string, unit = 'million', year = 2020): Promise<RawTable> =>
    table(
      'settled.csv',
      `area,year,unit,side,account,amount\n${lines
        .split(' | ')
        .map((line) => `A,${year},${unit},${line}`)
        .join('\n')}\n`,
    )
  const good = 'revenue,property tax,150.5 | revenue,grants,100 | revenue,total,250.5 | expenditure,total,240 | balance,balance,10.5'
  const laid = layUploads(city, [await settlement(good)])
  const { inForce, inputs } = resolveCity(laid)
  assert.deepEqual(
    [inputs.parameters.propertyTax, inForce.propertyTax!.source, inForce.propertyTax!.kind, inForce.propertyTax!.year],
    [150.5, 'settled.csv', 'observed', 2020],
  )
  assert.deepEqual({ ...laid.parameters, propertyTax: 0 }, { ...city.parameters, propertyTax: 0 })
  const refused = async (upload: Promise<RawTable>, message: RegExp): Promise<void> => {
    const raw = await upload
    assert.throws(() => layUploads(city, [raw]), message)
  }
  await refused(settlement(good.replace('grants,100', 'grants,90')), /revenue total is 250\.5, its lines give 240\.5/)
  await refused(settlement('revenue,city tax,10 | revenue,total,10'), /has no revenue line property tax, so it sets no parameter/)
  await refused(settlement('revenue,property tax,-1'), /property tax is -1, below 0/)
  await refused(settlement(good, 'billion'), /is in billion, the city in million/)
  await refused(settlement(good, 'million', 2024), /is of 2024, after the base year 2020/)
})
