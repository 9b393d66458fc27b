import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Pool } from 'undici'
import { startCity } from './city-process.ts'
import type { CityProcess } from './city-process.ts'

const entities = 10
const attributes = 100
const json = { 'content-type': 'application/json' }

let folder: string
let city: CityProcess
let pool: Pool
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-concurrent-'))
  city = await startCity({ data: folder })
  pool = new Pool(city.url, { connections: 1000, pipelining: 1 })
})
after(async () => {
  await pool.destroy()
  await city.kill('SIGTERM')
  await rm(folder, { recursive: true })
})

type Sent = { readonly id: string; readonly name: string; readonly value: number }

/** One thousand writes, all under way at once: each entity gets each attribute once. */
async function writeAtOnce(prefix: string, send: (sent: Sent, body: string) => ReturnType<Pool['request']>): Promise<readonly Sent[]> {
  for (let entity = 0; entity < entities; entity += 1) {
    const made = await pool.request({
      method: 'POST',
      path: '/ngsi-ld/v1/entities',
      headers: json,
      body: JSON.stringify({ id: `urn:${prefix}:${entity}`, type: 'T' }),
    })
    assert.equal(made.statusCode, 201, await made.body.text())
  }
  const writes = Array.from({ length: entities * attributes }, (_, index) => ({
    id: `urn:${prefix}:${index % entities}`,
    name: `a${Math.floor(index / entities)}`,
    value: index,
  }))
  return Promise.all(
    writes.map(async (sent) => {
      const reply = await send(sent, JSON.stringify({ [sent.name]: { type: 'Property', value: sent.value } }))
      assert.equal(reply.statusCode, 204, await reply.body.text())
      return sent
    }),
  )
}

async function assertAllThere(acknowledged: readonly Sent[]): Promise<void> {
  for (const id of new Set(acknowledged.map((sent) => sent.id))) {
    const wanted = Object.fromEntries(acknowledged.filter((sent) => sent.id === id).map(({ name, value }) => [name, value]))
    const read = async (path: string): Promise<Record<string, unknown>> => {
      const reply = await pool.request({ method: 'GET', path })
      assert.equal(reply.statusCode, 200)
      const { id: _id, type: _type, ...members } = (await reply.body.json()) as Record<string, unknown>
      return members
    }
    assert.deepEqual(await read(`/ngsi-ld/v1/entities/${id}?format=simplified`), wanted)
    const evolution = await read(`/ngsi-ld/v1/temporal/entities/${id}`)
    const values = Object.fromEntries(
      Object.entries(evolution).map(([name, instances]) => [name, (instances as readonly { readonly value: unknown }[]).map(({ value }) => value)]),
    )
    assert.deepEqual(values, Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, [value]])))
  }
}

void test('5.6.17 of 1,000 concurrent merges of different attributes every acknowledged one is in the entity and in the history', async () => {
  await assertAllThere(
    await writeAtOnce('m', ({ id }, body) => pool.request({ method: 'PATCH', path: `/ngsi-ld/v1/entities/${id}`, headers: json, body })),
  )
})

void test('5.6.3 of 1,000 concurrent appends every acknowledged one is in the entity and in the history', async () => {
  await assertAllThere(
    await writeAtOnce('p', ({ id }, body) => pool.request({ method: 'POST', path: `/ngsi-ld/v1/entities/${id}/attrs`, headers: json, body })),
  )
})
