import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { allOperations, lamp, openBroker, openSource, property, registration } from './brokers.ts'
import type { Broker, Source } from './brokers.ts'

// What the keys of contextSourceInfo that have a meaning change in the requests to a source.

let hub: Broker
let source: Source
before(async () => {
  hub = await openBroker('hub')
  source = await openSource(({ method, url }, response) => {
    if (url?.startsWith('/context') === true)
      response.end(
        JSON.stringify({
          '@context': {
            Leuchte: 'https://uri.etsi.org/ngsi-ld/default-context/Lamp',
            leistung: 'https://uri.etsi.org/ngsi-ld/default-context/power',
          },
        }),
      )
    else {
      response.statusCode = method === 'GET' ? 200 : 204
      response.end(method === 'GET' ? '[]' : undefined)
    }
  })
})
after(async () => {
  await hub.close()
  await source.close()
})
beforeEach(() => void source.asked.splice(0))

const base = '/csourceRegistrations'
const a = 'urn:ngsi-ld:Lamp:a'
const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld'

async function register(info: Readonly<Record<string, string>>): Promise<void> {
  await hub.ask('DELETE', `${base}/urn:ngsi-ld:ContextSourceRegistration:r`)
  const contextSourceInfo = Object.entries(info).map(([key, value]) => ({ key, value }))
  const { status, body } = await hub.ask(
    'POST',
    base,
    registration('r', source.url, { operations: allOperations, mode: 'redirect', contextSourceInfo }),
  )
  assert.equal(status, 201, JSON.stringify(body))
}

/** What came to the source but for what it was asked for its @context. */
async function askedBy(method: string, path: string, body?: unknown): Promise<Source['asked'][number]> {
  source.asked.splice(0)
  await hub.ask(method, path, body)
  const asked = source.asked.find(({ url }) => !url.startsWith('/context'))
  assert.ok(asked !== undefined, `${method} ${path} came to the source`)
  return asked
}

test('4.3.6.6 a source is asked for the media type that it accepts, which is JSON where it says nothing', async () => {
  await register({ accept: 'application/ld+json' })
  assert.equal((await askedBy('GET', '/entities?type=Lamp')).headers.accept, 'application/ld+json')
  await register({})
  assert.equal((await askedBy('GET', '/entities?type=Lamp')).headers.accept, 'application/json')
})

test('4.3.6.6 a source is sent its content type, with the @context where that asks for it', async () => {
  await register({ contentType: 'application/ld+json' })
  const linked = await askedBy('POST', '/entities', lamp('a', { power: property(1) }))
  assert.deepEqual([linked.headers['content-type'], linked.headers.link], ['application/ld+json', undefined])
  assert.deepEqual(JSON.parse(linked.body), { ...lamp('a', { power: property(1) }), '@context': core })
  await register({ contentType: 'application/json' })
  const plain = await askedBy('POST', '/entities', lamp('a', { power: property(1) }))
  assert.equal(plain.headers['content-type'], 'application/json')
  assert.equal(plain.headers.link, `<${core}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
  assert.deepEqual(JSON.parse(plain.body), lamp('a', { power: property(1) }))
})

test('4.3.6.6 names in requests to a source are those of its own @context', async () => {
  const own = `${source.url}/context.jsonld`
  await register({ jsonldContext: own })
  const asked = await askedBy('GET', '/entities?type=Lamp&q=power>1&attrs=power')
  const search = new URL(asked.url, source.url).searchParams
  assert.deepEqual([search.get('type'), search.get('q'), search.get('attrs')], ['Leuchte', 'leistung>1', 'leistung'])
  const written = await askedBy('POST', '/entities', lamp('a', { power: property(1) }))
  assert.deepEqual(JSON.parse(written.body), { id: a, type: 'Leuchte', leistung: property(1) })
  for (const { headers } of [asked, written])
    assert.equal(headers.link, `<${own}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
  assert.equal(written.headers['content-type'], 'application/json')
})

test('4.3.6.6 a source of an earlier version is sent what that knows', async () => {
  await register({ ngsildConformance: '1.5' })
  const colour = { type: 'VocabProperty', vocab: 'Red' }
  const places = { type: 'ListProperty', valueList: [1, 2], valueType: 'Place' }
  const older = { colour: { type: 'Property', value: 'Red' }, places: { type: 'Property', value: [1, 2] }, power: property(1) }
  const newer = { colour, places, power: property(1) }
  const bodies: readonly [string, string, unknown, unknown][] = [
    ['POST', '/entities', lamp('a', newer), lamp('a', older)],
    ['PUT', `/entities/${a}`, lamp('a', newer), lamp('a', older)],
    ['PATCH', `/entities/${a}`, newer, older],
    ['PATCH', `/entities/${a}/attrs`, newer, older],
    ['POST', `/entities/${a}/attrs`, newer, older],
    ['PUT', `/entities/${a}/attrs/colour`, colour, older.colour],
    ['PATCH', `/entities/${a}/attrs/colour`, { vocab: 'Blue' }, { value: 'Blue' }],
    [
      'PATCH',
      `/entities/${a}/attrs`,
      { places: { type: 'ListProperty', valueList: ['urn:ngsi-ld:null'] } },
      { places: property('urn:ngsi-ld:null') },
    ],
    ['POST', '/temporal/entities', lamp('a', { colour: [colour] }), lamp('a', { colour: [older.colour] })],
    ['POST', '/entityOperations/create', [lamp('b', newer)], [lamp('b', older)]],
  ]
  for (const [method, path, given, sent] of bodies) {
    const asked = await askedBy(method, path, given)
    assert.equal(asked.headers['prefer'], 'ngsi-ld=1.5')
    assert.deepEqual(JSON.parse(asked.body), sent, `${method} ${path}`)
  }
  await register({ ngsildConformance: '1.9' })
  assert.deepEqual(JSON.parse((await askedBy('PATCH', `/entities/${a}/attrs`, newer)).body), newer)
})

test('4.3.6.6 a key with a meaning is refused with a value without one', async () => {
  for (const [key, value] of [
    ['accept', 'application/geo+json'],
    ['contentType', 'text/plain'],
    ['jsonldContext', 'no url'],
    ['ngsildConformance', 'newest'],
  ]) {
    const { status, body } = await hub.ask('POST', base, registration('bad', source.url, { contextSourceInfo: [{ key, value }] }))
    assert.deepEqual([status, body.type], [400, 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData'], key)
  }
})
