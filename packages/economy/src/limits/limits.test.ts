import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitLanguages, limits, limitsIn, limitsOf } from './limits.ts'

test('every limit is written in every language, each in words of its own', () => {
  for (const [limit, texts] of Object.entries(limits)) {
    assert.equal(new Set(Object.values(texts)).size, limitLanguages.length, limit)
    for (const text of Object.values(texts)) assert.ok(text.length > 20, limit)
  }
})

test('every subject has limits, every limit a subject, and the two circles hold the six of the model', () => {
  assert.deepEqual(Object.values(limitsOf).flat().toSorted(), Object.keys(limits).toSorted())
  for (const language of limitLanguages) {
    assert.equal(limitsIn(language).length, 6)
    assert.deepEqual(limitsIn(language, 'projection'), [limits.cohortRatios[language]])
  }
})
