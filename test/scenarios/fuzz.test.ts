import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compareWithHistory, fuzz, openFuzzedCity } from './fuzz.ts'
import type { FuzzedCity } from './fuzz.ts'

let city: FuzzedCity
before(async () => {
  city = await openFuzzedCity()
})
after(() => city[Symbol.asyncDispose]())

void test('10,000 random requests bring no 5xx and no crash, and every refusal is a problem that says what is wrong', async () => {
  const tally = await fuzz(city, 10_000, 20_261_126)
  assert.ok(city.store.state().lastSequence > 500, `only ${city.store.state().lastSequence} of the requests changed anything`)
  assert.ok(tally.size > 70, `only ${tally.size} operations were asked for`)
})

void test('after all that each entity is what its history says, so nothing was written in part', async () => {
  assert.ok((await compareWithHistory(city)) > 0)
})
