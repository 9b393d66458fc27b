import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ImportRefusal } from '../import-refusal.ts'
import { mappingTexts } from '../mapping-language/mapping-texts.arbitrary.ts'
import type { Mapping } from '../mapping-language/mapping.ts'
import { parseMapping } from '../mapping-language/parse-mapping.ts'
import type { ColumnDecision } from '../tables/column-profile.ts'
import type { Table } from '../tables/table.ts'
import { compileMapping } from './compile-mapping.ts'

const columns = [
  'number',
  'day',
  'level',
  'ESTACION',
  'MAGNITUD',
  'ANO',
  'MES',
  'DIA',
  'H01',
  'V01',
  'timestamp',
  'status',
  'report_id',
  'ayto:noise',
  'dc:modified',
]
const number: ColumnDecision = { type: 'number', decimalMark: 'point' }

function tableOf(mapping: Mapping): Table {
  return {
    path: 'file.csv',
    format: mapping.table.format,
    sha256: '',
    bytes: 0,
    columns,
    decisions: columns.map(() => number),
    rowCount: 0,
    rows: () => {
      throw new Error('not read')
    },
  }
}

/** Whether a mapping was compiled, which then mapped the rows; a refusal must be one of ours. */
function tryRows(text: string, rows: readonly (readonly string[])[]): boolean {
  try {
    const mapping = parseMapping('m.yaml', text)
    const mapRow = compileMapping(mapping, tableOf(mapping), [])
    for (const [index, cells] of rows.entries()) {
      const mapped = mapRow({ kind: 'row', row: index + 1, cells })
      if (mapped.kind === 'rejected') assert.ok(mapped.reason.length > 0)
    }
    return true
  } catch (error) {
    assert.ok(error instanceof ImportRefusal, error instanceof Error ? (error.stack ?? '') : String(error))
    return false
  }
}

void test('10,000 random mapping files against random rows: what is not refused maps or rejects every row', () => {
  const cell = fc.oneof(
    fc.constantFrom('1', '01/06/2024', '2019', '10', '27', 'V', 'N', 'OK', '', '2014-08-04T00:00:00', '-', '1,5'),
    fc.string({ maxLength: 8 }),
  )
  const row = fc.array(cell, { minLength: columns.length, maxLength: columns.length })
  let compiled = 0
  fc.assert(
    fc.property(mappingTexts(), fc.array(row, { maxLength: 3 }), (text, rows) => {
      if (tryRows(text, rows)) compiled += 1
    }),
    { seed: 20260304, numRuns: 10_000 },
  )
  assert.ok(compiled > 300, `only ${compiled} mappings were compiled`)
})
