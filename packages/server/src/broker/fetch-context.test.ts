import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContextFetcher } from './fetch-context.ts'

test('6.3.16 a fetched @context holds as long as its server says, a minute at least, and a day where it says nothing', async () => {
  const ageFor = async (headers: Record<string, string>): Promise<number> => {
    const dialler = { call: () => Promise.resolve({ status: 200, headers, body: '{"@context":{}}' }) }
    return (await createContextFetcher(dialler, undefined)('https://contexts.example/a.jsonld')).ageS
  }
  const date = 'Tue, 01 Dec 2026 12:00:00 GMT'
  assert.equal(await ageFor({}), 86_400)
  assert.equal(await ageFor({ 'cache-control': 'public, max-age=600' }), 600)
  assert.equal(await ageFor({ 'cache-control': 'max-age=600, s-maxage=900' }), 900)
  assert.equal(await ageFor({ 'cache-control': 'max-age=5' }), 60)
  assert.equal(await ageFor({ date, expires: 'Tue, 01 Dec 2026 13:00:00 GMT' }), 3600)
  assert.equal(await ageFor({ date, expires: 'Tue, 01 Dec 2026 13:00:00 GMT', 'cache-control': 'max-age=120' }), 120)
  assert.equal(await ageFor({ date, expires: '0' }), 60)
})
