import { limitLanguages, limits } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRows } from './read-rows.ts'
import { writeCsv } from './write-csv.ts'

const read = async (text: string): Promise<Record<string, string>[]> => {
  const { rows } = await readRows(new TextEncoder().encode(text), 'a.csv')
  return rows.map(({ cells }) => ({ ...cells }))
}

test('comments stand below the rows, one cell each, and are passed over when the file is read again', async () => {
  const text = writeCsv(
    [
      ['year', 'people'],
      [2020, 1],
      [2021, undefined],
    ],
    ['Firms, as they are.', 'He said "no"\nand left.'],
  )
  assert.equal(text, "year,people\r\n2020,1\r\n2021,\r\n# Firms; as they are.\r\n# He said 'no' and left.\r\n")
  assert.deepEqual(await read(text), [
    { year: '2020', people: '1' },
    { year: '2021', people: '' },
  ])
  assert.equal((await read(text.replaceAll('\r\n', ',,\r\n') + '\r\n')).length, 2)
})

test('every limit in every language is one cell of a comment', async () => {
  for (const language of limitLanguages) {
    for (const words of Object.values(limits)) {
      const [, comment = ''] = writeCsv([['a']], [words[language]]).split('\r\n')
      assert.match(comment, /^# [^,"]{10,}$/)
    }
  }
})

test('what only looks like a comment is kept: a first cell, a cell of two lines, a row above others', async () => {
  assert.deepEqual(
    await read(
      writeCsv([
        ['a', 'b'],
        ['# 1', 'x'],
      ]),
    ),
    [{ a: '# 1', b: 'x' }],
  )
  assert.deepEqual(await read('a,b\n1,"x\n# y"\n'), [{ a: '1', b: 'x\n# y' }])
  assert.deepEqual(await read('a,b\n# 1,x\n2,y\n'), [
    { a: '# 1', b: 'x' },
    { a: '2', b: 'y' },
  ])
  await assert.rejects(read('# only\n# comments\n'), /it is empty/)
})
