import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cohortStep } from './cohort-step.ts'
import { survivalOf } from './life-table.ts'

/** Preston, Heuveline, Guillot 2001, Demography, boxes 6.1 and 6.2: Sweden, 31 December 1993, five-year groups to 85 and over. */
const persons = [
  293_395, 248_369, 240_012, 261_346, 285_209, 314_388, 281_290, 286_923, 304_108, 324_946, 247_613, 211_351, 215_140, 221_764, 223_506, 183_654,
  141_990, 112_424,
]
const personYears = [
  497_487, 497_138, 496_901, 496_531, 495_902, 495_168, 494_213, 492_760, 490_447, 486_613, 480_665, 471_786, 457_852, 436_153, 402_775, 350_358,
  271_512, 291_707,
].map((years) => years / 100_000)
const fertility = [0, 0, 0, 0.012, 0.0908, 0.1499, 0.1125, 0.0441, 0.0074, 0.0003, 0, 0, 0, 0, 0, 0, 0, 0]
const migrants = [6840, 4150, 3365, 5270, 9240, 8230, 5470, 3155, 1770, 1115, 1075, 845, 645, 530, 465, 300, 250, 175]
const none = persons.map(() => 0)
const survival = survivalOf(personYears, 5)
const rates = { intervalYears: 5, female: survival, male: survival, fertility, sexRatioAtBirth: 1.05 }
const whole = (values: ArrayLike<number>): number[] => Array.from(values, (value) => Math.round(value))

test('box 6.2: Sweden 1998, two sexes with migration, every published value', () => {
  const step = cohortStep({ female: persons, male: persons }, { ...rates, migration: { female: migrants, male: migrants } })
  const older = [
    298_682, 252_007, 244_150, 268_267, 293_515, 320_624, 284_767, 288_031, 303_166, 322_062, 243_989, 205_841, 205_516, 205_270, 194_771, 142_565,
    131_966,
  ]
  assert.deepEqual(whole(step.female), [302_392, ...older])
  assert.deepEqual(whole(step.male), [317_340, ...older])
  assert.deepEqual(whole(step.birthsByAge).slice(3, 10), [15_244, 126_688, 229_354, 170_057, 63_203, 10_971, 472])
})

test('box 6.1: Sweden 1998 and 2003, women closed to migration', () => {
  const closed = { ...rates, migration: { female: none, male: none } }
  const first = cohortStep({ female: persons, male: none }, closed)
  assert.deepEqual(whole(first.female).slice(0, 4), [293_574, 293_189, 248_251, 239_833])
  const second = cohortStep(first, closed)
  assert.deepEqual(whole(second.female).slice(0, 2), [280_121, 293_368])
})

test('box 6.1: the dominant growth of the closed female model is 1.0011125 in five years, r = 0.000222', () => {
  const closed = { ...rates, migration: { female: none, male: none } }
  let women: ArrayLike<number> = persons
  let growth = 0
  for (let step = 0; step < 400; step++) {
    const next = cohortStep({ female: women, male: none }, closed).female
    const total = (list: ArrayLike<number>): number => Array.from(list).reduce((sum, value) => sum + value, 0)
    growth = total(next) / total(women)
    women = next
  }
  assert.equal(growth.toFixed(7), '1.0011125')
  assert.equal((Math.log(growth) / 5).toFixed(6), '0.000222')
})

test('births exposed without the early half of the migrants would be 1,762 women aged 0 to 4 too few', () => {
  const withHalf = cohortStep({ female: persons, male: persons }, { ...rates, migration: { female: migrants, male: migrants } })
  const early = migrants.map((value) => value / 2)
  const missing = fertility.reduce((sum, rate, a) => sum + (5 * rate * early[a]!) / 2, 0) * (survival.births / 2.05)
  assert.ok(Math.abs(missing - 1762) < 1, `${missing}`)
  assert.equal(Math.round(withHalf.female[0]!), 302_392)
})

test('persons change by births, deaths and migration and by nothing else', () => {
  const groups = persons.length
  const counts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: groups, maxLength: groups })
  const moves = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: groups, maxLength: groups })
  fc.assert(
    fc.property(counts, counts, moves, (female, male, migration) => {
      const step = cohortStep({ female, male }, { ...rates, migration: { female: migration, male: migration } })
      const sum = (list: ArrayLike<number>): number => Array.from(list).reduce((total, value) => total + value, 0)
      const before = sum(female) + sum(male)
      const after = sum(step.female) + sum(step.male)
      assert.ok(Math.abs(after - (before + step.births - step.deaths + step.netMigration)) <= 1e-9 * (before + 1))
      assert.ok(step.deaths >= 0)
    }),
    { seed: 6 },
  )
})
