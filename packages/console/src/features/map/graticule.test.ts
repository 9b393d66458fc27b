import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toGraticule } from './graticule.ts'

test('a city has lines at hundredths of a degree, each with its label', () => {
  const lines = toGraticule({ west: -3.87, south: 43.43, east: -3.75, north: 43.49 }).features
  const labels = lines.map((line) => line.properties.label)
  assert.ok(labels.includes('3.80°W'), labels.join(' '))
  assert.ok(labels.includes('43.46°N'), labels.join(' '))
})

test('any view has some lines and never more than a screen bears', () => {
  const view = fc.record({
    west: fc.double({ min: -180, max: 179, noNaN: true }),
    south: fc.double({ min: -85, max: 80, noNaN: true }),
    width: fc.double({ min: 0.001, max: 360, noNaN: true }),
    height: fc.double({ min: 0.001, max: 5, noNaN: true }),
  })
  fc.assert(
    fc.property(view, ({ west, south, width, height }) => {
      const { features } = toGraticule({ west, south, east: west + width, north: south + Math.min(height, width) })
      assert.ok(features.length >= 2 && features.length <= 40, `${features.length} lines`)
    }),
    { seed: 4, numRuns: 500 },
  )
})
