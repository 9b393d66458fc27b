import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreContext } from '../context/context.ts'
import { parseProjection } from './projection.ts'

const vocab = 'https://uri.etsi.org/ngsi-ld/default-context/'

test('4.21 names are separated by commas or bars and nest in braces', () => {
  assert.deepEqual(
    parseProjection('id,type|name', coreContext),
    new Map([
      ['id', undefined],
      ['type', undefined],
      [`${vocab}name`, undefined],
    ]),
  )
  assert.deepEqual(
    parseProjection('observation{temperature,sensor{id}},location', coreContext),
    new Map([
      [
        `${vocab}observation`,
        new Map([
          [`${vocab}temperature`, undefined],
          [`${vocab}sensor`, new Map([['id', undefined]])],
        ]),
      ],
      ['https://uri.etsi.org/ngsi-ld/location', undefined],
    ] as never),
  )
})

test('4.21 what is no projection is refused', () => {
  for (const text of ['', ',', 'a,', 'a{', 'a{b', 'a{}', 'a}', 'a{b}c', 'a b', '{a}', 'observedAt', 'a{'.repeat(100)])
    assert.throws(() => parseProjection(text, coreContext, 'omit'), { name: 'NgsiLdError', type: 'BadRequestData', message: /^omit / }, text)
})
