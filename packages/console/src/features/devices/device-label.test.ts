import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDeviceLabel, toDeviceLabel } from './device-label.ts'

test('the LoRa Alliance code gives the device EUI', () => {
  assert.equal(readDeviceLabel('LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN')?.deviceId, 'aabbccddeeff0011')
  assert.equal(readDeviceLabel('LW:D0:1122:AABB'), null)
})

test('an address, a document and a pair of key and device are read', () => {
  const address = readDeviceLabel('https://city.example/iot/json?k=harbour&i=lamp-1')
  assert.deepEqual([address?.apiKey, address?.deviceId], ['harbour', 'lamp-1'])
  const document = readDeviceLabel('{"device_id": "lamp-2", "apikey": "harbour", "entity_type": "Streetlight"}')
  assert.deepEqual([document?.apiKey, document?.deviceId, document?.entityType], ['harbour', 'lamp-2', 'Streetlight'])
  const pair = readDeviceLabel(toDeviceLabel('a/b', 'lamp 3'))
  assert.deepEqual([pair?.apiKey, pair?.deviceId], ['a/b', 'lamp 3'])
})

test('anything else is no device', () => {
  for (const text of ['', 'hello', '{"device_id": 7}', '{', 'https://example.org/', 'a/b/c', '%/b']) assert.equal(readDeviceLabel(text), null, text)
})
