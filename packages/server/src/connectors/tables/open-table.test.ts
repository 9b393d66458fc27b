import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ImportRefusal } from '../import-refusal.ts'
import { formatOfName, openTable } from './open-table.ts'
import type { Table, TableOptions, TableRow } from './table.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-table-'))
})
after(() => rm(folder, { recursive: true }))

async function open(content: string | Uint8Array, options: Partial<TableOptions> = {}): Promise<Table> {
  const path = join(folder, 'file')
  await writeFile(path, content)
  return openTable(path, { format: 'csv', empty: new Set(['']), ...options })
}

async function rowsOf(table: Table): Promise<readonly TableRow[]> {
  return Array.fromAsync(table.rows())
}

void test('the delimiter is the one that cuts all lines alike', async () => {
  for (const delimiter of [',', ';', '\t', '|']) {
    const table = await open(['name', 'level', 'at'].join(delimiter) + '\n' + ['a b', '1', '2020-01-01'].join(delimiter) + '\n')
    assert.deepEqual(table.columns, ['name', 'level', 'at'], JSON.stringify(delimiter))
    assert.deepEqual(await rowsOf(table), [{ kind: 'row', row: 1, cells: ['a b', '1', '2020-01-01'] }])
  }
  const prices = await open('name;price\nbread;1,5\nmilk;2,25\n')
  assert.deepEqual(prices.columns, ['name', 'price'])
  assert.deepEqual(prices.decisions[1], { type: 'number', decimalMark: 'comma' })
})

void test('a file is UTF-8 only if all of it is, and Latin-1 otherwise; a byte order mark is none of the first column', async () => {
  assert.deepEqual((await open('\uFEFFaño;x\n1;2\n')).columns, ['año', 'x'])
  const latin = await open(Buffer.from('calle;x\nAlcalá;1\n', 'latin1'))
  assert.deepEqual((await rowsOf(latin))[0]?.cells, ['Alcalá', '1'])
  const late = await open(Buffer.concat([Buffer.from('x;name\n' + '1;a\n'.repeat(10_000)), Buffer.from('2;Muñoz\n', 'latin1')]))
  assert.deepEqual((await rowsOf(late)).at(-1)?.cells, ['2', 'Muñoz'])
  const wide = await open(Buffer.from('\uFEFFa;b\nñ;2\n', 'utf16le'))
  assert.deepEqual((await rowsOf(wide))[0]?.cells, ['ñ', '2'])
})

void test('gzip is unpacked, and a cut one is refused', async () => {
  const packed = gzipSync('a,b\n1,2\n'.repeat(1000))
  const table = await open(packed)
  assert.equal((await rowsOf(table)).length, 1999)
  await assert.rejects(open(packed.subarray(0, packed.length - 12)), /is not whole gzip/)
})

void test('quotes hold delimiters, quotes and line ends; a row with too few cells is broken, its neighbours are not', async () => {
  const table = await open('a,b\n"x, y","say ""no""\nor not"\nonly\n1,2\n')
  assert.deepEqual(await rowsOf(table), [
    { kind: 'row', row: 1, cells: ['x, y', 'say "no"\nor not'] },
    { kind: 'broken', row: 2, cells: ['only'], reason: 'has 1 cells, not 2' },
    { kind: 'row', row: 3, cells: ['1', '2'] },
  ])
})

void test('one value on row 1,001 decides a column for the whole file', async () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => `${index},${index}`).join('\n')
  const table = await open(`a,b\n${numbers}\n1000,closed\n`)
  assert.deepEqual(
    table.decisions.map(({ type }) => type),
    ['number', 'text'],
  )
})

void test('a mark that could be either is refused by name, unless the mapping states it', async () => {
  await assert.rejects(open('n,"v"\n1,"1,234"\n'), (error) => error instanceof ImportRefusal && /Column v of .* 1\.234 or 1234/.test(error.message))
  const stated = await open('n,"v"\n1,"1,234"\n', { decimalMark: 'comma' })
  assert.equal(stated.decisions[1]?.decimalMark, 'comma')
  await assert.rejects(open('n;v\n1;1,5\n2;2.5\n'), /decimal point on row 2 and a decimal comma on row 1/)
})

void test('headers must be there and have no name twice; a file without one has the columns that the mapping names', async () => {
  await assert.rejects(open(''), /is empty/)
  await assert.rejects(open('a,b,a\n1,2,3\n'), /has two columns named a/)
  const table = await open('1,2\n3,4\n', { columns: ['x', 'y'] })
  assert.deepEqual(
    (await rowsOf(table)).map(({ row, cells }) => [row, ...cells]),
    [
      [1, '1', '2'],
      [2, '3', '4'],
    ],
  )
})

void test('JSON rows are flattened, with every member of any row a column', async () => {
  const table = await open('{"meta":1,"rows":[{"a":{"b":1,"c":"x"}},{"d":[1,2]},7]}', { format: 'json' })
  assert.deepEqual(table.columns, ['a.b', 'a.c', 'd'])
  assert.deepEqual(await rowsOf(table), [
    { kind: 'row', row: 1, cells: [1, 'x', null] },
    { kind: 'row', row: 2, cells: [null, null, [1, 2]] },
    { kind: 'broken', row: 3, cells: [], reason: 'is not an object' },
  ])
  await assert.rejects(open('{"a":[],"b":[]}', { format: 'json' }), /holds 2 lists, not one; state rows in the mapping/)
  await assert.rejects(open('{"a":', { format: 'json' }), /is not JSON/)
})

void test('GeoJSON features give their properties, id and geometry', async () => {
  const feature = { type: 'Feature', id: 7, properties: { name: 'x', __proto__: null }, geometry: { type: 'Point', coordinates: [1, 2] } }
  const table = await open(JSON.stringify({ type: 'FeatureCollection', features: [feature, { type: 'Point' }] }), { format: 'geojson' })
  assert.deepEqual(table.columns, ['name', 'id', 'geometry'])
  assert.deepEqual((await rowsOf(table))[0]?.cells, ['x', 7, { type: 'Point', coordinates: [1, 2] }])
  assert.equal((await rowsOf(table))[1]?.kind, 'broken')
  await assert.rejects(open('{"type":"Topology"}', { format: 'geojson' }), /is not a GeoJSON FeatureCollection/)
})

void test('a file that is not there, or is a folder, is refused by name', async () => {
  await assert.rejects(openTable(join(folder, 'none.csv'), { format: 'csv', empty: new Set() }), /There is no file .*none\.csv/)
  await assert.rejects(openTable(folder, { format: 'csv', empty: new Set() }), /is not a file/)
})

void test('the name says what a file is', () => {
  assert.equal(formatOfName('a/b.CSV.gz'), 'csv')
  assert.equal(formatOfName('bins.geojson'), 'geojson')
  assert.equal(formatOfName('x.json.gz'), 'json')
})
