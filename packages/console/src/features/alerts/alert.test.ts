import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntityDocument } from '../../api/entity.ts'
import { applyToAlerts, orderAlerts, toAlert } from './alert.ts'

function entity(id: string, values: Record<string, string>): EntityDocument {
  return { id, type: 'Alert', ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type: 'Property', value }])) }
}

test('an alert is read from its entity, and what it does not say is empty', () => {
  const alert = toAlert(entity('urn:a', { name: 'Full', severity: 'high', alertState: 'acknowledged', dateIssued: '2026-03-01T10:00:00Z' }), 'en')
  assert.deepEqual([alert.title, alert.severity, alert.state, alert.issuedMs], ['Full', 'high', 'acknowledged', Date.parse('2026-03-01T10:00:00Z')])
  assert.deepEqual([alert.note, alert.sourceId, alert.position, alert.acknowledgedMs], ['', '', null, null])
})

test('the value that raised an alert is told by itself, where there was one', () => {
  const measured = { ...entity('urn:a', { alertAttribute: 'fillingLevel' }), alertValue: { type: 'Property', value: 0.99 } } as EntityDocument
  assert.deepEqual(toAlert(measured, 'en').measured, { attribute: 'fillingLevel', value: 0.99 })
  assert.deepEqual(toAlert(entity('urn:a', { alertAttribute: 'deviceState', alertValue: 'silent' }), 'en').measured, {
    attribute: 'deviceState',
    value: 'silent',
  })
  assert.equal(toAlert(entity('urn:a', { alertAttribute: 'deviceState' }), 'en').measured, null)
})

test('words that nobody defined do not hide an alert', () => {
  const alert = toAlert(entity('urn:a', { severity: 'apocalyptic', alertState: 'whatever', dateIssued: 'yesterday' }), 'en')
  assert.deepEqual([alert.severity, alert.state, alert.issuedMs], ['medium', 'active', null])
})

test('unacknowledged ones come first, then the graver, then the newer', () => {
  const alerts = [
    entity('acknowledged', { severity: 'critical', alertState: 'acknowledged', dateIssued: '2026-03-01T12:00:00Z' }),
    entity('low', { severity: 'low', alertState: 'active', dateIssued: '2026-03-01T12:00:00Z' }),
    entity('old', { severity: 'high', alertState: 'active', dateIssued: '2026-03-01T10:00:00Z' }),
    entity('new', { severity: 'high', alertState: 'active', dateIssued: '2026-03-01T11:00:00Z' }),
  ].map((each) => toAlert(each, 'en'))
  assert.deepEqual(
    orderAlerts(alerts).map(({ id }) => id),
    ['new', 'old', 'low', 'acknowledged'],
  )
})

test('the live stream adds, changes and takes away alerts, and leaves them alone when other types change', () => {
  const first = [entity('a', { alertState: 'active' }), entity('b', { alertState: 'active' })]
  assert.equal(applyToAlerts(first, [{ id: 'x', type: 'Streetlight', entity: null }]), first)
  const after = applyToAlerts(first, [
    { id: 'a', type: 'Alert', entity: entity('a', { alertState: 'cleared' }) },
    { id: 'b', type: 'Alert', entity: entity('b', { alertState: 'acknowledged' }) },
    { id: 'c', type: 'Alert', entity: entity('c', { alertState: 'active' }) },
    { id: 'd', type: 'Alert', entity: null },
  ])
  assert.deepEqual(
    after.map((each) => [each.id, toAlert(each, 'en').state]),
    [
      ['b', 'acknowledged'],
      ['c', 'active'],
    ],
  )
})
