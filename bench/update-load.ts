import { Pool } from 'undici'

/** The entity that the broker's bench updates: eight attributes, about 1 KB in normalized form. */
export function benchEntity(index: number): object {
  const numbers = Object.fromEntries(
    ['temperature', 'humidity', 'no2', 'pm10', 'pm25', 'noise'].map((name, place) => [
      name,
      { type: 'Property', value: 10 + place + (index % 50) / 10, unitCode: 'CEL', observedAt: '2026-01-01T00:00:00Z' },
    ]),
  )
  return {
    id: `urn:ngsi-ld:Bench:${index}`,
    type: `Bench${index % 5}`,
    name: { type: 'Property', value: `Station ${index}` },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.4 + (index % 300) / 1000, 43.3 + Math.floor(index / 300) / 1000] } },
    ...numbers,
  }
}

/** Makes entities in batches of 1,000. */
export async function createEntities(url: string, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 1000) {
    const entities = Array.from({ length: Math.min(1000, to - start) }, (_, place) => benchEntity(start + place))
    const reply = await fetch(`${url}/ngsi-ld/v1/entityOperations/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entities),
    })
    if (reply.status !== 201) throw new Error(`The batch was answered ${reply.status}: ${(await reply.text()).slice(0, 300)}`)
    await reply.arrayBuffer()
  }
}

/** How a stretch of load went: answers and their delays. */
export type LoadResult = { readonly count: number; readonly seconds: number; readonly delaysMs: readonly number[] }

/** Partial attribute updates (5.6.4) from so many connections, each with one under way, for some seconds; entities at random by a simple step. */
export async function updateLoad(
  url: string,
  { connections, seconds, entities }: { connections: number; seconds: number; entities: number },
): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 })
  const delaysMs: number[] = []
  const begun = performance.now()
  const end = begun + seconds * 1000
  let next = 0
  async function write(): Promise<void> {
    while (performance.now() < end) {
      const number = next++
      const sent = performance.now()
      const reply = await pool.request({
        method: 'PATCH',
        path: `/ngsi-ld/v1/entities/urn:ngsi-ld:Bench:${(number * 7919) % entities}/attrs/temperature`,
        headers: { 'content-type': 'application/json' },
        body: `{"type":"Property","value":${number},"observedAt":"${new Date(1_770_000_000_000 + number).toISOString()}"}`,
      })
      await reply.body.dump()
      if (reply.statusCode !== 204) throw new Error(`An update was answered ${reply.statusCode}`)
      delaysMs.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: connections }, write))
  const result = { count: delaysMs.length, seconds: (performance.now() - begun) / 1000, delaysMs }
  await pool.destroy()
  return result
}
