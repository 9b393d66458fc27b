import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCollection, substitute } from './postman-collection.ts'
import { expectationOf, variablesAfter } from './postman-script.ts'

const create = {
  name: 'create',
  event: [{ listen: 'test', script: { exec: ['pm.response.to.have.status(201);\r', '//pm.response.to.have.status(500);'] } }],
  request: {
    method: 'POST',
    url: { raw: '{{broker}}/ngsi-ld/v1/entities' },
    header: [
      { key: 'Link', value: '{{link}}' },
      { key: 'Accept', value: 'text/html', disabled: true },
    ],
    body: { mode: 'raw', raw: '{"id":"urn:x:1"}', options: { raw: { language: 'json' } } },
  },
}
const collection = {
  info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  variable: [{ key: 'link', value: '<http://example.org/c>' }],
  item: [
    { name: 'folder', item: [create] },
    { name: 'read', request: { method: 'GET', url: '{{broker}}/x' }, response: [{ code: 200 }] },
  ],
}

test('a collection is flattened in order, without what is disabled, and a JSON body gets its type', () => {
  const { requests, variables } = parseCollection(JSON.stringify(collection))
  assert.deepEqual(
    requests.map(({ name, method, example }) => [name, method, example]),
    [
      ['folder / create', 'POST', undefined],
      ['read', 'GET', 200],
    ],
  )
  assert.deepEqual(requests[0]?.headers, [
    ['Link', '{{link}}'],
    ['Content-Type', 'application/json'],
  ])
  assert.equal(substitute('{{link}}; {{unknown}}', variables), '<http://example.org/c>; {{unknown}}')
  assert.throws(() => parseCollection('{"item":[]}'), /no Postman collection/)
})

test('a script says the status, the length and the variable that the body is to equal, and nothing in a remark', () => {
  assert.deepEqual(expectationOf(create.event[0]?.script.exec ?? []).statuses, [201])
  const lines = ['var expected = pm.collectionVariables.get("created");', 'pm.expect(jsonData).to.eql(expected);']
  assert.deepEqual(expectationOf(lines).equal, { variable: 'created', index: undefined })
  assert.deepEqual(expectationOf(['var jsonData = pm.response.json()[0];', ...lines]).equal, { variable: 'created', index: 0 })
  assert.equal(expectationOf(['delete jsonData["createdAt"]', ...lines]).equal, undefined)
  const other = ['pm.expect(pm.response.code).to.be.oneOf([201, 207]);', 'pm.expect(jsonData.length).to.eql(3);']
  assert.deepEqual(expectationOf(other), { statuses: [201, 207], length: 3, equal: undefined })
})

test('a script sets variables from the body that was sent and from headers', () => {
  const script = [
    'var payloadBody = JSON.parse(pm.request.body.raw);',
    'var second = payloadBody[1].id;',
    'pm.collectionVariables.set("second", second);',
    'pm.collectionVariables.set("context", payloadBody[0]["@context"]);',
    'let next = pm.response.headers.filter(header => header.key === "Link")[0]["value"];',
    'next = next.substring(1, next.length -12);',
    'pm.collectionVariables.set("next", next);',
    'pm.collectionVariables.set("tenant", pm.request.headers.get("NGSILD-Tenant"));',
  ]
  const exchange = {
    body: [{ '@context': 'http://example.org/c' }, { id: 'urn:x:2' }],
    headers: new Headers({ 'NGSILD-Tenant': 'city' }),
    answered: new Headers({ Link: '</ngsi-ld/v1/entities?offset=20>;rel="next"' }),
  }
  assert.deepEqual(Object.fromEntries(variablesAfter(script, exchange, new Map())), {
    second: 'urn:x:2',
    context: 'http://example.org/c',
    next: '/ngsi-ld/v1/entities?offset=20',
    tenant: 'city',
  })
})
