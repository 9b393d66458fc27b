import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cohortRatios, projectByRatios, withOpenGroup } from './cohort-ratios.ts'

const mothers = [3, 4] as const
const earlier = { female: [100, 90, 80, 70, 60, 50], male: [110, 95, 80, 70, 55, 40] }
const later = { female: [90, 99, 88, 78, 66, 52], male: [95, 108, 93, 77, 66, 44] }

test('ratios carry the earlier pyramid exactly onto the later one', () => {
  const { female, male } = projectByRatios(earlier, cohortRatios(earlier, later, mothers), mothers)
  for (const [a, value] of female.entries()) assert.ok(Math.abs(value - later.female[a]!) < 1e-9)
  for (const [a, value] of male.entries()) assert.ok(Math.abs(value - later.male[a]!) < 1e-9)
})

test('pyramids of different open groups are refused, and pooling mends them', () => {
  const long = { female: [...later.female, 10], male: [...later.male, 5] }
  assert.throws(() => cohortRatios(earlier, long, mothers), /6 and 7 age groups/)
  assert.deepEqual(withOpenGroup(long.female, 5), [90, 99, 88, 78, 66, 62])
})
