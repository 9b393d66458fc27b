import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expandTerm } from '@cityloop/ngsi-ld'
import { createDialler } from '#runtime/dialler.ts'
import type { Dialler } from '#runtime/dialler.ts'
import { parseEgress } from '#runtime/egress.ts'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import type { Store } from '#store/store.ts'
import { openContexts } from './contexts.ts'
import type { Contexts } from './contexts.ts'
import { createContextFetcher } from './fetch-context.ts'

const second = 1_000_000
let now = 1_793_520_000 * second
let folder: string
let store: Store
let dialler: Dialler
let server: Server
/** What the server of contexts answers, and how often it was asked. */
let answer: { readonly headers: Readonly<Record<string, string>>; readonly status?: number; readonly speed: string }
let asked = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-contexts-'))
  store = await openSqliteStore(folder)
  dialler = createDialler(parseEgress('127.0.0.0/8'))
  server = createServer((_request, reply) => {
    asked += 1
    reply.writeHead(answer.status ?? 200, answer.headers).end(JSON.stringify({ '@context': { speed: answer.speed } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await dialler.close()
  await store.close()
  await rm(folder, { recursive: true })
})

const open = (): Promise<Contexts> =>
  openContexts({ clock: { now: () => now }, rows: store.rows, publicUrl: 'http://localhost', fetch: createContextFetcher(dialler, undefined) })
const iri = (name: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`

/** For how many seconds a context that is answered with these headers is not asked for again. */
async function ageOf(name: string, headers: Readonly<Record<string, string>>): Promise<number> {
  answer = { headers, speed: 'https://example.org/speed' }
  const contexts = await open()
  await contexts.compile(iri(name))
  const entry = contexts.list('', 'Cached').find(({ url }) => url === iri(name))
  return ((entry?.expiresAt ?? 0) - now) / second
}

test('6.3.16 a fetched @context holds for as long as its server says, and for a day where that says nothing', async () => {
  const date = 'Tue, 01 Dec 2026 12:00:00 GMT'
  const cases: readonly [number, Readonly<Record<string, string>>][] = [
    [120, { 'cache-control': 'public, max-age=120' }],
    [300, { 'cache-control': 'max-age=120, s-maxage=300' }],
    [600, { date, expires: 'Tue, 01 Dec 2026 12:10:00 GMT' }],
    [120, { 'cache-control': 'max-age=120', date, expires: 'Tue, 01 Dec 2026 12:10:00 GMT' }],
    [60, { date, expires: '0' }],
    [60, { 'cache-control': 'no-store' }],
    [60, { 'cache-control': 'max-age=0' }],
    [86_400, {}],
  ]
  for (const [index, [age, headers]] of cases.entries()) assert.equal(await ageOf(`age-${index}`, headers), age, JSON.stringify(headers))
})

test('6.3.16 what is older is fetched anew, though it was compiled before; the old copy serves on while its server is away', async () => {
  const contexts = await open()
  const speed = async (): Promise<string> => expandTerm(await contexts.compile(iri('moving')), 'speed')
  answer = { headers: { 'cache-control': 'max-age=120' }, speed: 'https://example.org/first' }
  asked = 0
  assert.equal(await speed(), 'https://example.org/first')
  answer = { ...answer, speed: 'https://example.org/second' }
  now += 119 * second
  assert.equal(await speed(), 'https://example.org/first')
  assert.equal(asked, 1)
  now += 2 * second
  assert.equal(await speed(), 'https://example.org/second')
  assert.equal(asked, 2)
  answer = { ...answer, status: 500, speed: 'https://example.org/third' }
  now += 121 * second
  assert.equal(await speed(), 'https://example.org/second')
  assert.equal(await speed(), 'https://example.org/second')
  assert.equal(asked, 3, 'its server is left alone for a while')
  answer = { ...answer, status: 200 }
  now += 61 * second
  assert.equal(await speed(), 'https://example.org/third')
})
