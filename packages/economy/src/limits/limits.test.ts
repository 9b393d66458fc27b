import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitLanguages, limits, limitsIn } from './limits.ts'

test('every limit is written in every language, each in words of its own', () => {
  for (const [limit, texts] of Object.entries(limits)) {
    assert.equal(new Set(Object.values(texts)).size, limitLanguages.length, limit)
    for (const text of Object.values(texts)) assert.ok(text.length > 20, limit)
  }
  for (const language of limitLanguages) assert.equal(limitsIn(language).length, 6)
})
