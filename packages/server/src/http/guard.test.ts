import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseConfig } from '#config/config.ts'
import { runCity } from '#main/run-city.ts'
import type { RunningCity } from '#main/run-city.ts'
import { silent } from '#runtime/log.ts'

const token = 'a-secret-of-at-least-thirty-two-characters'
let city: RunningCity
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-guard-'))
  city = await runCity(
    parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_ADMIN_TOKEN: token, CITYLOOP_ORIGINS: 'https://city.example' }),
    { log: silent },
  )
})
after(async () => {
  await city.close()
  await rm(folder, { recursive: true })
})

/** A request with headers that fetch would not let through. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; body: string; cookie: string }> {
  return new Promise((resolve, reject) => {
    const call = request(`${city.url}${path}`, { method, headers }, (reply) => {
      let text = ''
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text, cookie: reply.headers['set-cookie']?.[0] ?? '' }))
    })
    call.on('error', reject)
    call.end(body)
  })
}
const bearer = { authorization: `Bearer ${token}` }

test('with a token set, everything but health, the log-in and our own words needs it', async () => {
  for (const path of ['/ngsi-ld/v1/types', '/api/map?type=T', '/api/live', '/api/export', '/api/backup', '/metrics', '/api/openapi.json']) {
    assert.equal((await ask('GET', path)).status, 401, path)
  }
  for (const path of ['/health', '/ready', '/api/session', '/ngsi-ld/v1/jsonldContexts/cityloop', '/'])
    assert.equal((await ask('GET', path)).status, 200, path)
  const hosted = '/ngsi-ld/v1/jsonldContexts/6f1b3c4e-0d5a-4f7e-9b1a-2c3d4e5f6a7b'
  for (const [path, status] of [
    [hosted, 404],
    [`${hosted}?details=true`, 401],
    ['/ngsi-ld/v1/jsonldContexts', 401],
  ] as const)
    assert.equal((await ask('GET', path)).status, status, path)
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', bearer)).status, 200)
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', { authorization: `Bearer ${token}x` })).status, 401)
})

test('logging in gives a cookie that serves as the token does; a made-up one does not', async () => {
  const json = { 'content-type': 'application/json' }
  assert.equal((await ask('POST', '/api/session', json, JSON.stringify({ token: 'wrong' }))).status, 401)
  const { status, cookie } = await ask('POST', '/api/session', json, JSON.stringify({ token }))
  assert.equal(status, 200)
  assert.match(cookie, /HttpOnly; SameSite=Strict/)
  const [pair = ''] = cookie.split(';')
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', { cookie: pair })).status, 200)
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', { cookie: `cityloop_session=${Date.now() + 1e6}.AAAA` })).status, 401)
})

test('requests under foreign names or from foreign origins are refused, those of allowed origins are not', async () => {
  assert.equal((await ask('GET', '/health', { host: 'evil.example' })).status, 400)
  assert.equal((await ask('GET', '/health', { host: 'city.example' })).status, 200)
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', { ...bearer, origin: 'https://evil.example' })).status, 400)
  assert.equal((await ask('GET', '/ngsi-ld/v1/types', { ...bearer, origin: 'https://city.example' })).status, 200)
})

test('bodies beyond 4 MiB, addresses beyond 8 KiB and depths beyond 64 are refused by what they are', async () => {
  const post = (body: string): Promise<{ status: number; body: string }> =>
    ask('POST', '/ngsi-ld/v1/entities', { ...bearer, 'content-type': 'application/json' }, body)
  assert.equal((await post(JSON.stringify({ id: 'urn:x:1', type: 'T', a: 'x'.repeat(4 * 1024 * 1024) }))).status, 413)
  assert.equal((await ask('GET', `/ngsi-ld/v1/entities?q=${'a'.repeat(9000)}`, bearer)).status, 414)
  const deep = await post(`${'['.repeat(70)}${']'.repeat(70)}`)
  assert.equal(deep.status, 400)
  assert.match(deep.body, /nested deeper than 64 levels/)
  assert.match((await post('{')).body, /InvalidRequest.*not JSON/)
})
