import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDurationS, parseLengthCm, parseSpeedKmh, parseWeightKg } from './tag-values.ts'

void test('speeds are read in km/h, mph and words, and what is no figure is no speed', () => {
  assert.equal(parseSpeedKmh('50'), 50)
  assert.equal(parseSpeedKmh('30 mph'), 30 * 1.609344)
  assert.equal(parseSpeedKmh('walk'), 7)
  assert.equal(parseSpeedKmh('RU:urban'), undefined)
  assert.equal(parseSpeedKmh('0'), undefined)
})

void test('lengths are read in metres, centimetres, and feet and inches', () => {
  assert.equal(parseLengthCm('3.8'), 380)
  assert.equal(parseLengthCm('3,8 m'), 380)
  assert.equal(parseLengthCm('250 cm'), 250)
  assert.equal(parseLengthCm(`12'6"`), 381)
  assert.equal(parseLengthCm('default'), undefined)
})

void test('weights are read in tonnes, kilograms, pounds and short tons', () => {
  assert.equal(parseWeightKg('7.5'), 7500)
  assert.equal(parseWeightKg('3.5 t'), 3500)
  assert.equal(parseWeightKg('7500 kg'), 7500)
  assert.equal(parseWeightKg('10000 lbs'), 4536)
  assert.equal(parseWeightKg('5 st'), 4536)
  assert.equal(parseWeightKg('none'), undefined)
})

void test('durations are read as clock, minutes and ISO 8601', () => {
  assert.equal(parseDurationS('01:30'), 5400)
  assert.equal(parseDurationS('00:02:30'), 150)
  assert.equal(parseDurationS('20'), 1200)
  assert.equal(parseDurationS('PT1H5M'), 3900)
  assert.equal(parseDurationS('soon'), undefined)
})
