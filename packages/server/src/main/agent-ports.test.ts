import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseConfig } from '#config/config.ts'
import { silent } from '#runtime/log.ts'
import { runCity } from './run-city.ts'

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? String(address.port) : '0'
}

test('provisioning and measures answer on the ports of the agents, where set, and nothing else does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-agents-'))
  const [provisioning, measures] = [await freePort(), await freePort()]
  const config = parseConfig({ CITYLOOP_DATA: folder, CITYLOOP_PORT: '0', CITYLOOP_IOTA_PORT: provisioning, CITYLOOP_IOTA_HTTP_PORT: measures })
  const city = await runCity(config, { log: silent })
  const post = (port: string, path: string, body: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  try {
    assert.equal((await post(provisioning, '/iot/services', { services: [{ apikey: 'k', entity_type: 'WeatherObserved' }] })).status, 201)
    assert.equal((await post(measures, '/iot/json?k=k&i=d1', { temperature: 20 })).status, 200)
    assert.equal((await fetch(`${city.url}/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:d1`)).status, 200)
    assert.equal((await fetch(`http://127.0.0.1:${measures}/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:d1`)).status, 404)
    assert.equal((await fetch(`http://127.0.0.1:${provisioning}/version`)).status, 200)
  } finally {
    await city.close()
    await rm(folder, { recursive: true })
  }
})
