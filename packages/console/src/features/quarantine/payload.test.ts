import assert from 'node:assert/strict'
import { test } from 'node:test'
import { euiIn, toPayload } from './payload.ts'

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')

test('text is shown as text and as hex', () => {
  const payload = toPayload(base64('{"t": "21 °C"}\n'))
  assert.equal(payload.text, '{"t": "21 °C"}\n')
  assert.equal(payload.byteCount, 16)
  assert.deepEqual(payload.hexLines, ['0000  7b 22 74 22 3a 20 22 32 31 20 c2 b0 43 22 7d 0a'])
})

test('bytes that are no text are shown as hex alone', () => {
  assert.equal(toPayload(base64(Uint8Array.of(0xff, 0xfe, 0x01))).text, null)
  assert.equal(toPayload(base64(Uint8Array.of(0x41, 0x00))).text, null)
  assert.deepEqual(toPayload(base64(Uint8Array.of(0xff))).hexLines, ['0000  ff'])
})

test('a long payload is cut and says so; an empty one has no line', () => {
  const long = toPayload(base64(new Uint8Array(5000).fill(65)))
  assert.deepEqual([long.byteCount, long.isCut, long.hexLines.length], [5000, true, 256])
  assert.deepEqual(toPayload(''), { byteCount: 0, text: '', hexLines: [], isCut: false })
})

test('the EUI is found in the messages of three network servers, and nowhere else', () => {
  assert.equal(euiIn('{"deviceInfo": {"devEui": "70B3D50000000001"}}'), '70b3d50000000001')
  assert.equal(euiIn(JSON.stringify({ devEUI: base64(Uint8Array.from(Buffer.from('70b3d50000000001', 'hex'))) })), '70b3d50000000001')
  assert.equal(euiIn('{"end_device_ids": {"dev_eui": "70B3D50000000001"}}'), '70b3d50000000001')
  for (const text of [null, '', '{', 'null', '7', '{"devEUI": 7}', '{"deviceInfo": {"devEui": "short"}}'])
    assert.equal(euiIn(text), null, String(text))
})
