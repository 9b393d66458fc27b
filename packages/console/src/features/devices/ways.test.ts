import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waysOf } from './ways.ts'

const group = {
  apikey: 'garden',
  entity_type: 'WeatherObserved',
  attributes: [{ object_id: 't', name: 'temperature' }],
  commands: [{ name: 'pump' }],
}

test('a device sends and listens by the conventions of the agents, in the words of its group', () => {
  assert.deepEqual(waysOf({ device_id: 'pond 1', apikey: 'garden' }, group, 'http://city'), {
    topics: [
      { kind: 'measures', topic: '/json/garden/pond 1/attrs' },
      { kind: 'http', topic: 'http://city/iot/json?k=garden&i=pond%201' },
      { kind: 'commands', topic: '/garden/pond 1/cmd' },
      { kind: 'answers', topic: '/json/garden/pond 1/cmdexe' },
    ],
    example: `curl -X POST 'http://city/iot/json?k=garden&i=pond%201' -H 'content-type: application/json' -d '{"t":1}'`,
  })
})

test('UltraLight has its own words; without commands there is no topic for them', () => {
  const ways = waysOf({ device_id: 'p', apikey: 'k', protocol: 'PDI-IoTA-UltraLight' }, null, 'http://city')
  assert.deepEqual(
    ways?.topics.map(({ topic }) => topic),
    ['/ul/k/p/attrs', 'http://city/iot/d?k=k&i=p'],
  )
  assert.equal(ways?.example, `curl -X POST 'http://city/iot/d?k=k&i=p' -H 'content-type: text/plain' -d 'value|1'`)
})

test('what speaks through a network server, or has no key, is told no topic', () => {
  assert.equal(waysOf({ device_id: 'p', apikey: 'k', codec: 'probe' }, null, 'http://city'), null)
  assert.equal(waysOf({ device_id: 'p' }, null, 'http://city'), null)
})
