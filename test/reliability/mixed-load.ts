import { Pool } from 'undici'
import { createRandom } from '../../packages/economy/src/uncertainty/random.ts'
import type { Random } from '../../packages/economy/src/uncertainty/random.ts'

/** A write and what was answered. `tokens` are values that no other write of the run has; times are nanoseconds of the machine's monotonic clock. */
export type Answer = {
  readonly kind: 'create' | 'update' | 'batch' | 'delete' | 'correct'
  readonly ids: readonly string[]
  readonly tokens: readonly number[]
  readonly sentAt: bigint
  readonly at: bigint
  /** 0 where the connection broke: the write may have been made or not. */
  readonly status: number
}

/** Writers that create, update, correct and delete without rest until they are stopped. */
export type MixedLoad = {
  readonly answers: readonly Answer[]
  /** Resolves when the last answer is there. */
  stop(): Promise<void>
}

const sharedEntities = 10
const batchSize = 5
const json = { 'content-type': 'application/json' }

/** Whether a write was acknowledged as a whole. */
export function isAcknowledged({ status }: Answer): boolean {
  return status === 201 || status === 204
}

/** The attribute that one writer alone writes, on entities that all writers share. */
export function attributeOf(writer: number): string {
  return `a${writer}`
}

/**
 * Starts the load: each writer has one request under way. Some create entities and delete them later; most change the writer's own attribute of entities
 * shared by all, or correct its newest instance; some upsert a batch. `round` keeps ids and tokens apart from those of earlier loads on the same data.
 */
export async function startMixedLoad(
  url: string,
  { writers, seed, round = 0 }: { writers: number; seed: number; round?: number },
): Promise<MixedLoad> {
  const pool = new Pool(url, { connections: writers, pipelining: 1 })
  const answers: Answer[] = []
  const base = createRandom(seed)
  let token = round * 10_000_000
  let isStopped = false

  async function send(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    about: Pick<Answer, 'kind' | 'ids' | 'tokens'>,
    body?: unknown,
  ): Promise<Answer> {
    const sentAt = process.hrtime.bigint()
    const status = await ask(method, path, body).then(
      (reply) => reply.status,
      () => 0,
    )
    const answer: Answer = { ...about, sentAt, at: process.hrtime.bigint(), status }
    answers.push(answer)
    if (status === 0) isStopped = true
    return answer
  }

  async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const reply = await pool.request({
      method,
      path: `/ngsi-ld/v1/${path}`,
      ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) }),
    })
    return { status: reply.statusCode, text: await reply.body.text() }
  }

  const made = (id: string, value: number): object => ({ id, type: 'Made', mark: { type: 'Property', value } })

  async function create(writer: number, living: string[]): Promise<void> {
    const value = ++token
    const id = `urn:made:${writer}:${value}`
    const answer = await send('POST', 'entities', { kind: 'create', ids: [id], tokens: [value] }, made(id, value))
    if (isAcknowledged(answer)) living.push(id)
  }

  async function update(writer: number, id: string): Promise<void> {
    const value = ++token
    await send('PATCH', `entities/${id}/attrs/${attributeOf(writer)}`, { kind: 'update', ids: [id], tokens: [value] }, { type: 'Property', value })
  }

  async function correct(writer: number, id: string): Promise<void> {
    const name = attributeOf(writer)
    const found = await ask('GET', `temporal/entities/${id}?attrs=${name}&lastN=1`).catch(() => undefined)
    if (found?.status !== 200) return
    const instance = /urn:ngsi-ld:instance:[^"]+/.exec(found.text)?.[0]
    if (instance === undefined) return
    const value = ++token
    await send(
      'PATCH',
      `temporal/entities/${id}/attrs/${name}/${instance}`,
      { kind: 'correct', ids: [id], tokens: [value] },
      { type: 'Property', value },
    )
  }

  async function upsertBatch(writer: number): Promise<void> {
    const entities = Array.from({ length: batchSize }, (_, index) => ({ id: `urn:batch:${round}:${writer}:${index}`, value: ++token }))
    await send(
      'POST',
      'entityOperations/upsert',
      { kind: 'batch', ids: entities.map(({ id }) => id), tokens: entities.map(({ value }) => value) },
      entities.map(({ id, value }) => made(id, value)),
    )
  }

  async function write(writer: number, random: Random): Promise<void> {
    const living: string[] = []
    while (!isStopped) {
      const shared = `urn:shared:${random.integer(sharedEntities)}`
      const chance = random.integer(100)
      if (chance < 20) await create(writer, living)
      else if (chance < 65) await update(writer, shared)
      else if (chance < 80) await upsertBatch(writer)
      else if (chance < 90) await correct(writer, shared)
      else {
        const id = living.shift()
        if (id !== undefined) await send('DELETE', `entities/${id}`, { kind: 'delete', ids: [id], tokens: [] })
      }
    }
  }

  const attributes = Object.fromEntries(Array.from({ length: writers }, (_, writer) => [attributeOf(writer), { type: 'Property', value: 0 }]))
  const entities = Array.from({ length: sharedEntities }, (_, index) => ({ id: `urn:shared:${index}`, type: 'Shared', ...attributes }))
  const begun = await ask('POST', 'entityOperations/create', entities)
  if (begun.status !== 201 && begun.status !== 207) throw new Error(`The shared entities could not be made: ${begun.status} ${begun.text}`)
  const running = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, base.fork())))
  return {
    answers,
    async stop() {
      isStopped = true
      await running
      await pool.destroy()
    },
  }
}
