import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitLanguages } from '../limits/limits.ts'
import { findKpi, kpiCatalogue } from './kpi-catalogue.ts'
import { kpiName, kpiNames } from './kpi-names.ts'

test('each of the 38 indicators has a name of its own in every language, and no other has one', () => {
  assert.deepEqual(
    Object.keys(kpiNames),
    kpiCatalogue.map(({ id }) => id),
  )
  for (const language of limitLanguages) {
    const names = kpiCatalogue.map((definition) => kpiName(definition, language))
    assert.equal(new Set(names).size, 38, language)
    assert.ok(names.every((name) => name.trim().length > 1))
  }
  for (const { ja } of Object.values(kpiNames)) assert.match(ja, /[\u3040-\u30ff\u4e00-\u9fff]/)
})

test('an indicator of someone else keeps the name it came with', () => {
  assert.equal(kpiName(findKpi('ec.unemp')!, 'pt'), 'Desemprego')
  assert.equal(kpiName({ id: 'own.trees', name: 'Trees' }, 'ja'), 'Trees')
})
