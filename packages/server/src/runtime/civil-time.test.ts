import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatInstant, instantOf } from '@cityloop/ngsi-ld'
import * as fc from 'fast-check'
import { isCivilTime, openZone } from './civil-time.ts'
import type { CivilTime, Zone } from './civil-time.ts'

function zone(name: string): Zone {
  const opened = openZone(name)
  assert.ok(opened, name)
  return opened
}

function civil(text: string): CivilTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number)
  return { year, month, day, hour, minute, second, microsecond: 0 }
}

function shown(name: string, text: string): string {
  const found = zone(name).occurrenceOf(civil(text))
  switch (found.kind) {
    case 'once':
      return formatInstant(found.instant)
    case 'twice':
      return `${formatInstant(found.earlier)} or ${formatInstant(found.later)}`
    case 'never':
      return `never, shifted ${formatInstant(found.shifted)}`
  }
}

void test('clocks in Madrid go forward on 31 March 2019: the hour from 2 to 3 is not there', () => {
  assert.equal(shown('Europe/Madrid', '2019-03-31T01:59:59'), '2019-03-31T00:59:59.000Z')
  assert.equal(shown('Europe/Madrid', '2019-03-31T02:00:00'), 'never, shifted 2019-03-31T01:00:00.000Z')
  assert.equal(shown('Europe/Madrid', '2019-03-31T02:59:59'), 'never, shifted 2019-03-31T01:59:59.000Z')
  assert.equal(shown('Europe/Madrid', '2019-03-31T03:00:00'), '2019-03-31T01:00:00.000Z')
})

void test('clocks in Madrid go back on 27 October 2019: the hour from 2 to 3 is there twice', () => {
  assert.equal(shown('Europe/Madrid', '2019-10-27T01:59:59'), '2019-10-26T23:59:59.000Z')
  assert.equal(shown('Europe/Madrid', '2019-10-27T02:00:00'), '2019-10-27T00:00:00.000Z or 2019-10-27T01:00:00.000Z')
  assert.equal(shown('Europe/Madrid', '2019-10-27T02:59:59'), '2019-10-27T00:59:59.000Z or 2019-10-27T01:59:59.000Z')
  assert.equal(shown('Europe/Madrid', '2019-10-27T03:00:00'), '2019-10-27T02:00:00.000Z')
})

void test('the south changes in the other halves of the year, and Lord Howe by half an hour', () => {
  assert.equal(shown('Australia/Melbourne', '2019-04-07T02:30:00'), '2019-04-06T15:30:00.000Z or 2019-04-06T16:30:00.000Z')
  assert.equal(shown('Australia/Melbourne', '2019-10-06T02:30:00'), 'never, shifted 2019-10-05T16:30:00.000Z')
  assert.equal(shown('Australia/Lord_Howe', '2019-04-07T01:45:00'), '2019-04-06T14:45:00.000Z or 2019-04-06T15:15:00.000Z')
  assert.equal(shown('Asia/Tokyo', '2019-10-27T02:30:00'), '2019-10-26T17:30:00.000Z')
})

void test('hour 24 is midnight at the end of the day, also of a year and of February', () => {
  assert.equal(shown('Europe/Madrid', '2019-12-31T24:00:00'), '2019-12-31T23:00:00.000Z')
  assert.equal(shown('UTC', '2020-02-29T24:00:00'), '2020-03-01T00:00:00.000Z')
  assert.equal(isCivilTime(civil('2020-02-29T24:00:00')), true)
  assert.equal(isCivilTime(civil('2020-02-29T24:00:01')), false)
  assert.equal(isCivilTime(civil('2019-02-29T00:00:00')), false)
  assert.equal(isCivilTime(civil('1900-02-29T00:00:00')), false)
  assert.equal(isCivilTime(civil('2019-13-01T00:00:00')), false)
})

void test('a zone that is none is not opened', () => {
  assert.equal(openZone('Europe/Atlantis'), undefined)
  assert.equal(openZone(''), undefined)
})

void test('what clocks show at an instant occurs at that instant', () => {
  const names = ['Europe/Madrid', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Asia/Tokyo', 'America/New_York', 'UTC']
  const zones = names.map(zone)
  const from = Number(instantOf('1995-01-01T00:00:00Z'))
  const to = Number(instantOf('2035-01-01T00:00:00Z'))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: zones.length - 1 }), fc.integer({ min: from, max: to }), (index, instant) => {
      const opened = zones[index] as Zone
      const found = opened.occurrenceOf(opened.civilTimeOf(instant))
      assert.notEqual(found.kind, 'never')
      if (found.kind === 'once') assert.equal(found.instant, instant)
      if (found.kind === 'twice') assert.ok(found.earlier === instant || found.later === instant)
    }),
    { seed: 20260301, numRuns: 3000 },
  )
})
