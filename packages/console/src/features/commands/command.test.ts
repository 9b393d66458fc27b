import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastCommandOf, parseCommandValue } from './command.ts'

test('the last command is read from the entity', () => {
  const last = lastCommandOf(
    {
      id: 'urn:a',
      type: 'Streetlight',
      switch: { type: 'Property', value: 'on' },
      switch_status: { type: 'Property', value: 'OK', observedAt: '2026-03-01T10:00:00Z' },
      switch_info: { type: 'Property', value: 'lit' },
    },
    'switch',
  )
  assert.deepEqual(last, { value: 'on', status: 'OK', info: 'lit', statusMs: Date.parse('2026-03-01T10:00:00Z') })
})

test('an entity that was never commanded has no status, nor has one with a word that is none', () => {
  const none = { value: undefined, status: null, info: undefined, statusMs: null }
  assert.deepEqual(lastCommandOf({ id: 'urn:a', type: 'T' }, 'switch'), none)
  assert.deepEqual(lastCommandOf({ id: 'urn:a', type: 'T', switch_status: { type: 'Property', value: 'HMM' } }, 'switch'), none)
})

test('numbers, truth values and structures are what they look like; the rest is text', () => {
  assert.deepEqual(['40', 'true', '{"a": 1}', '[1]', '-2.5'].map(parseCommandValue), [40, true, { a: 1 }, [1], -2.5])
  assert.deepEqual(['on', 'trueish', '{broken', ' off ', '7 lamps'].map(parseCommandValue), ['on', 'trueish', '{broken', 'off', '7 lamps'])
})
