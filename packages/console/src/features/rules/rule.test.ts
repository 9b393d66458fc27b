import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyDraft, parseDraft, toDraft, toRuleId } from './rule.ts'
import type { Rule } from './rule.ts'

const head = { id: 'a', title: 'A', type: 'T', severity: 'high', isActive: true } as const
const rules: readonly Rule[] = [
  { ...head, kind: 'threshold', attribute: 'no2', above: true, limit: 40, clearLimit: 35 },
  { ...head, kind: 'rate', attribute: 'level', limitPerHour: 0.5 },
  { ...head, kind: 'absence', afterS: 600 },
  { ...head, kind: 'absence', attribute: 'no2', afterS: 90 },
  { ...head, kind: 'state', attribute: 'deviceState', values: ['silent', 'unreachable'] },
]

test('a rule comes back from its draft unchanged', () => {
  for (const rule of rules) {
    const parsed = parseDraft(toDraft(rule))
    assert.ok('rule' in parsed, rule.kind)
    assert.deepEqual({ id: parsed.id, ...parsed.rule }, rule)
  }
})

test('what is missing or no number is named by its field', () => {
  const parsed = parseDraft({ ...emptyDraft('T'), title: 'X', limit: 'much' })
  assert.deepEqual(parsed, {
    faults: [
      { field: 'attribute', fault: 'missing' },
      { field: 'limit', fault: 'number' },
    ],
  })
  assert.deepEqual(parseDraft({ ...emptyDraft('T'), kind: 'absence', title: 'X', afterMinutes: '0' }), {
    faults: [{ field: 'afterMinutes', fault: 'positive' }],
  })
})

test('an alert cannot clear on the side where it is raised', () => {
  const draft = { ...emptyDraft('T'), title: 'X', attribute: 'no2', limit: '40', clearLimit: '45' }
  assert.deepEqual(parseDraft(draft), { faults: [{ field: 'clearLimit', fault: 'hysteresis' }] })
  assert.ok('rule' in parseDraft({ ...draft, above: false }))
})

test('a comma is a decimal point', () => {
  const parsed = parseDraft({ ...emptyDraft('T'), title: 'X', attribute: 'level', limit: '0,9' })
  assert.ok('rule' in parsed)
  assert.equal(parsed.rule['limit'], 0.9)
})

test('an id is made of the title, whatever its script', () => {
  assert.equal(toRuleId('  NO₂ über Grenze! '), 'no2-u-ber-grenze')
  assert.match(toRuleId('水位が高い'), /^rule-\w+$/)
  assert.notEqual(toRuleId('水位が高い'), toRuleId('水位が低い'))
})
