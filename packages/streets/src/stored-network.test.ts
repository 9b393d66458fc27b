import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildNetwork } from './build-network.ts'
import { generateCity } from './generated-city.ts'
import { computeMatrix } from './matrix.ts'
import { createMetric } from './metric.ts'
import { createSnapper } from './snap.ts'
import { openNetwork, storeNetwork, StoredNetworkError } from './stored-network.ts'

const { network } = buildNetwork(generateCity({ size: 8, seed: 1 }), { attribution: '© Nobody' })

void test('a stored network answers as the one it was made from, and is stored again to the same bytes', () => {
  const buffer = storeNetwork(network)
  const opened = openNetwork(buffer)
  assert.equal(opened.attribution, '© Nobody')
  assert.deepEqual(opened.streets, network.streets)
  assert.deepEqual(opened.turns, network.turns)
  assert.deepEqual(opened.hierarchy, network.hierarchy)
  assert.deepEqual(new Uint8Array(storeNetwork(opened)), new Uint8Array(buffer))
  const ask = (each: typeof network): Uint32Array => {
    const metric = createMetric(each, { kind: 'car' })
    const snapper = createSnapper(each)
    const places = [1, 2, 3, 4].map((step) => snapper.snap(metric, step * 0.0015, step * 0.0011)!)
    return computeMatrix(metric, places, places).durationMs
  }
  assert.deepEqual(ask(opened), ask(network))
})

void test('building is deterministic: the same elements give the same bytes', () => {
  const again = buildNetwork(generateCity({ size: 8, seed: 1 }), { attribution: '© Nobody' }).network
  assert.deepEqual(new Uint8Array(storeNetwork(again)), new Uint8Array(storeNetwork(network)))
})

void test('what is no network, of another version or cut short is refused by name', () => {
  const buffer = storeNetwork(network)
  const other = buffer.slice(0)
  new DataView(other).setUint32(8, 99, true)
  assert.throws(() => openNetwork(new ArrayBuffer(4)), new StoredNetworkError('This is no stored street network'))
  assert.throws(() => openNetwork(other), /version 99, not 1/)
  assert.throws(() => openNetwork(buffer.slice(0, 40)), StoredNetworkError)
  assert.throws(() => openNetwork(buffer.slice(0, buffer.byteLength - 64)), /the file ends at/)
})

void test('an empty network is stored and asked without failing', () => {
  const elements = { ...generateCity({ size: 3, seed: 1 }), ways: [], restrictions: [] }
  const empty = openNetwork(storeNetwork(buildNetwork(elements, { attribution: '' }).network))
  const metric = createMetric(empty, { kind: 'car' })
  assert.equal(createSnapper(empty).snap(metric, 0, 0), undefined)
  assert.equal(computeMatrix(metric, [], []).durationMs.length, 0)
})
