import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Attribute } from '../entity/entity.ts'
import { testContext } from './entity.arbitrary.ts'
import { parseFragment } from './parse-entity.ts'
import { withoutNulls } from './without-nulls.ts'

const name = 'https://city.example/ns#speed'

function fragmentOf(speed: object): Attribute {
  const { attributes } = parseFragment({ speed }, testContext, 'urn:a:1', { allowNull: 'everywhere', allowPartial: true })
  return attributes[name]?.[0] as Attribute
}

test('5.5.12 where there is nothing to merge into, what NGSI-LD null removes is not there', () => {
  const fragment = fragmentOf({
    value: { street: 'x', country: ngsiLdNull, in: { deep: ngsiLdNull, kept: [ngsiLdNull] } },
    unitCode: ngsiLdNull,
    observedAt: ngsiLdNull,
    datasetId: 'urn:d:1',
    'city:gone': ngsiLdNull,
    'city:left': { value: 1, 'city:gone': ngsiLdNull },
  })
  assert.deepEqual(withoutNulls(fragment), {
    kind: 'Property',
    value: { street: 'x', in: { kept: [ngsiLdNull] } },
    datasetId: 'urn:d:1',
    sub: { 'https://city.example/ns#left': [{ kind: 'Property', value: 1 }] },
  })
  assert.deepEqual(withoutNulls(fragmentOf({ value: 1, 'city:gone': ngsiLdNull })), { kind: 'Property', value: 1 })
})

test('5.5.12 what is removed itself, or has no value, is not there', () => {
  assert.equal(withoutNulls(fragmentOf({ type: 'Property', value: ngsiLdNull })), undefined)
  assert.equal(withoutNulls(fragmentOf({ languageMap: { '@none': ngsiLdNull } })), undefined)
  assert.equal(withoutNulls(fragmentOf({ unitCode: 'CEL' })), undefined)
})

test('4.5.24 what a JsonProperty holds is not looked into', () => {
  assert.deepEqual(withoutNulls(fragmentOf({ json: { a: ngsiLdNull } })), { kind: 'JsonProperty', value: { a: ngsiLdNull } })
})
