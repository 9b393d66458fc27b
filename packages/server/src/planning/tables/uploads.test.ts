import { Refusal } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { readSettlementUpload } from './account-uploads.ts'
import { readRows } from './read-rows.ts'
import { checkUpload } from './read-upload.ts'
import { uploadKinds, uploadTemplates } from './upload-templates.ts'
import { writeCsv } from './write-csv.ts'
import { writeWorkbook } from './write-workbook.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const messagesOf = async (csv: string): Promise<string[]> =>
  checkUpload(await readRows(utf8(csv), 'upload.csv')).findings.map(({ message }) => message)

for (const kind of uploadKinds) {
  const { columns, example } = uploadTemplates[kind]
  test(`the ${kind} template is read back from CSV and from Excel, is recognised and adds up`, async () => {
    const fromCsv = await readRows(utf8(writeCsv([columns, ...example])), 'template.csv')
    const fromExcel = await readRows(writeWorkbook(kind, [columns, ...example]), 'template.xlsx')
    assert.deepEqual(fromExcel.rows, fromCsv.rows)
    for (const raw of [fromCsv, fromExcel]) assert.deepEqual([checkUpload(raw).kind, checkUpload(raw).findings], [kind, []])
  })
}

test('a workbook of the same rows has the same bytes', () => {
  assert.deepEqual(writeWorkbook('a', [['x', 1]]), writeWorkbook('a', [['x', 1]]))
})

test('an input-output table that does not add up is refused with row, column and difference', async () => {
  const { columns, example } = uploadTemplates['input-output']
  const wrong = example.map((row) => (row[4] === 'Industry' && row[5] === 'Services' ? [...row.slice(0, 6), 25] : row))
  const { findings } = checkUpload(await readRows(utf8(writeCsv([columns, ...wrong])), 'io.csv'))
  assert.deepEqual(
    findings.map(({ row, column, difference }) => [row, column, difference]),
    [
      ['Industry', 'total use', 5],
      ['total input', 'Services', 5],
    ],
  )
})

test('a population with a negative age, a gap and a wrong total says which line', async () => {
  const head = 'area,year,sex,age,persons\n'
  assert.deepEqual(await messagesOf(`${head}A,2020,female,0-4,-3\nA,2020,female,5+,9\nA,2020,male,0-4,1\nA,2020,male,5+,9\n`), [
    'line 2: persons is -3, below 0',
  ])
  assert.deepEqual(await messagesOf(`${head}A,2020,female,0-4,3\nA,2020,female,10+,9\nA,2020,male,0-4,1\nA,2020,male,10+,9\n`), [
    '2020, female: the ages before 10 are missing or stand twice',
    '2020, male: the ages before 10 are missing or stand twice',
  ])
  assert.deepEqual(await messagesOf(`${head}A,2020,female,0+,3\nA,2020,female,total,4\nA,2020,male,0+,1\n`), [
    'line 3: the total of female in 2020 is 4, its ages sum to 3',
  ])
  assert.deepEqual(await messagesOf(`${head}A,2020,female,0+,3\nA,2020,male,old,1\n`), [
    '2020 has no ages of male',
    'line 3: age is old; 7, 0-4, 85+ or total is read',
  ])
})

test('jobs of two years, and commuting without a flow, are refused', async () => {
  assert.deepEqual(await messagesOf('area,year,sector,jobs\nA,2020,x,1\nA,2021,y,2\nA,2020,total,4\n'), [
    'year holds 2020, 2021; a table has one year',
    'line 4: the total is 4, the sectors sum to 3',
  ])
  assert.deepEqual(await messagesOf('area,year,from,to,persons\nA,2020,inside,inside,5\nA,2020,outside,inside,abc\n'), [
    'line 3: persons is abc, no number',
    'the flow inside outside is missing',
  ])
})

test('Kawasaki FY2024: 8,713.27 less 8,621.54 is 91.73, less 27.09 carried over is 64.64; a wrong balance is found', async () => {
  const line = (side: string, account: string, amount: number): string => `Kawasaki,2024,10^8 JPY,${side},${account},${amount}\n`
  const head = 'area,year,unit,side,account,amount\n'
  const totals =
    line('revenue', 'total', 8713.27) +
    line('expenditure', 'total', 8621.54) +
    line('balance', 'balance', 91.73) +
    line('balance', 'carry-over', 27.09)
  const good = readSettlementUpload(await readRows(utf8(head + totals + line('balance', 'real balance', 64.64)), 's.csv'))
  assert.deepEqual(good.findings, [])
  assert.equal(good.balance.toFixed(2), '91.73')
  assert.deepEqual(await messagesOf(head + totals + line('balance', 'real balance', 65.64)), [
    'line 6: balance real balance is 65.64, its lines give 64.64',
  ])
})

test('a title above the columns is passed over and lines are those of the file', async () => {
  const raw = await readRows(utf8('Jobs of A\narea,year,sector,jobs\nA,2020,x,1\nA,2020,total,9\n'), 'jobs.csv')
  assert.deepEqual(
    checkUpload(raw).findings.map(({ message }) => message),
    ['line 4: the total is 9, the sectors sum to 1'],
  )
})

test('a file of unknown columns lists the templates', async () => {
  const raw = await readRows(utf8('a,b\n1,2\n'), 'x.csv')
  assert.throws(() => checkUpload(raw), /x\.csv has the columns a, b; templates are input-output: area, year/)
})

test('bytes that are no table are refused and never crash the reader', async () => {
  for (const [name, bytes] of [
    ['x.xlsx', utf8('no zip')],
    ['x.csv', new Uint8Array([0xff, 0xfe, 0x00])],
    ['x.csv', utf8('a,"b\n1')],
    ['x.csv', utf8('a,a\n1,2')],
    ['x.csv', utf8('')],
    ['x.csv.gz', gzipSync(new Uint8Array(70 * 1024 * 1024))],
  ] as const) {
    await assert.rejects(readRows(bytes, name), (error) => error instanceof Refusal && error.message.startsWith(name), name)
  }
})

test('random tables are understood or refused, and nothing else', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'total', 'female', 'male', 'inside', 'outside', '2020', '0-4', '85+', '-1', '1e999', 'NaN', 'imports', 'output'),
    fc.string({ maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...uploadKinds),
      fc.array(fc.array(cell, { minLength: 5, maxLength: 7 }), { maxLength: 8 }),
      async (kind, rows) => {
        const csv = writeCsv([uploadTemplates[kind].columns, ...rows])
        try {
          const { findings, understood } = checkUpload(await readRows(utf8(csv), 'r.csv'))
          assert.ok(findings.length > 0 || !understood.includes('NaN'))
        } catch (error) {
          assert.ok(error instanceof Refusal, String(error))
        }
      },
    ),
    { seed: 6, numRuns: 1000 },
  )
})

test('a text that a spreadsheet would run is written as text', () => {
  assert.equal(writeCsv([['=1+1', -5, 'a "b"']]), '\'=1+1,-5,"a ""b"""\r\n')
})
