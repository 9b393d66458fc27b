import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ngsiLdNull } from '../entity/entity.ts'
import type { Entity } from '../entity/entity.ts'
import { scopeName } from './attribute-kinds.ts'
import { testContext } from './entity.arbitrary.ts'
import { parseLanguages } from './language.ts'
import { parseProjection } from './projection.ts'
import { writeAggregated, writeTemporalEntity } from './write-evolution.ts'

const speed = 'https://city.example/ns#speed'
const says = 'https://uri.etsi.org/ngsi-ld/default-context/says'
const second = 1_000_000
const evolution: Entity = {
  id: 'urn:a:1',
  types: ['https://city.example/ns#Bus'],
  attributes: {
    [scopeName]: [{ kind: 'Property', value: ['/Madrid'], observedAt: second }],
    [speed]: [
      { kind: 'Property', value: 1, observedAt: second, instanceId: 'urn:i:1', modifiedAt: 9 * second },
      { kind: 'Property', value: 2, observedAt: 2 * second, instanceId: 'urn:i:2', datasetId: 'urn:d:1' },
      { kind: 'Property', value: ngsiLdNull, deletedAt: 3 * second, instanceId: 'urn:i:3' },
    ],
    [says]: [{ kind: 'LanguageProperty', value: { en: 'yes', fr: 'oui' }, observedAt: second }],
  },
}

test('4.5.7 an evolution is an array of instances, with their ids and the times of deletions', () => {
  assert.deepEqual(writeTemporalEntity(evolution, testContext, { omit: parseProjection('says', testContext) }), {
    id: 'urn:a:1',
    type: 'Bus',
    scope: [{ type: 'Property', value: '/Madrid', observedAt: '1970-01-01T00:00:01Z' }],
    speed: [
      { type: 'Property', value: 1, observedAt: '1970-01-01T00:00:01Z', instanceId: 'urn:i:1' },
      { type: 'Property', value: 2, datasetId: 'urn:d:1', observedAt: '1970-01-01T00:00:02Z', instanceId: 'urn:i:2' },
      { type: 'Property', value: ngsiLdNull, instanceId: 'urn:i:3', deletedAt: '1970-01-01T00:00:03Z' },
    ],
  })
})

test('4.5.6 the present scope stands for the evolution of the scope where that is not known', () => {
  const entity: Entity = { id: 'urn:a:1', types: [], scopes: ['/a', '/b'], attributes: {} }
  assert.deepEqual(writeTemporalEntity(entity, testContext), { id: 'urn:a:1', scope: [{ type: 'Property', value: ['/a', '/b'] }] })
})

test('4.18 a deleted scope is written as none, and attrs must name the scope', () => {
  const tombstone = { kind: 'Property', value: ngsiLdNull, deletedAt: second } as const
  const entity: Entity = { id: 'urn:a:1', types: [], attributes: { [scopeName]: [tombstone] } }
  const deletedAt = '1970-01-01T00:00:01Z'
  assert.deepEqual(writeTemporalEntity(entity, testContext), { id: 'urn:a:1', scope: [{ type: 'Property', value: [], deletedAt }] })
  assert.deepEqual(writeTemporalEntity(entity, testContext, { format: 'temporalValues', attrs: new Set([scopeName]) }), {
    id: 'urn:a:1',
    scope: { type: 'Property', values: [[[], deletedAt]] },
  })
  assert.deepEqual(writeTemporalEntity(entity, testContext, { attrs: new Set([speed]) }), { id: 'urn:a:1' })
})

test('4.5.9 the simplified temporal representation pairs values with times, a series a dataset id', () => {
  assert.deepEqual(writeTemporalEntity(evolution, testContext, { format: 'temporalValues' }), {
    id: 'urn:a:1',
    type: 'Bus',
    scope: { type: 'Property', values: [['/Madrid', '1970-01-01T00:00:01Z']] },
    speed: [
      {
        type: 'Property',
        values: [
          [1, '1970-01-01T00:00:01Z'],
          [ngsiLdNull, '1970-01-01T00:00:03Z'],
        ],
      },
      { type: 'Property', datasetId: 'urn:d:1', values: [[2, '1970-01-01T00:00:02Z']] },
    ],
    says: { type: 'LanguageProperty', languageMaps: [[{ languageMap: { en: 'yes', fr: 'oui' } }, '1970-01-01T00:00:01Z']] },
  })
})

test('4.5.9 the time shown is that asked for, the dataset and language are those asked for', () => {
  const options = { format: 'temporalValues', timeproperty: 'modifiedAt', datasetIds: new Set(['@none']), languages: parseLanguages('fr') } as const
  const { speed, says } = writeTemporalEntity(evolution, testContext, options)
  assert.deepEqual(speed, {
    type: 'Property',
    values: [
      [1, '1970-01-01T00:00:09Z'],
      [ngsiLdNull, '1970-01-01T00:00:03Z'],
    ],
  })
  assert.deepEqual(says, { type: 'Property', values: [['oui', '1970-01-01T00:00:01Z']] })
})

test('4.5.19 the aggregated representation has for each method and period the result and its bounds', () => {
  const methods = { avg: [[1.5, 0, second]], max: [[2, 0, second]] } as const
  const written = writeAggregated(
    evolution,
    [
      { name: speed, kind: 'Property', methods },
      { name: says, kind: 'ListRelationship', methods: { totalCount: [[3, 0, 2 * second]] } },
    ],
    testContext,
  )
  assert.deepEqual(written, {
    id: 'urn:a:1',
    type: 'Bus',
    speed: {
      type: 'Property',
      avg: [[1.5, '1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z']],
      max: [[2, '1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z']],
    },
    says: { type: 'Relationship', totalCount: [[3, '1970-01-01T00:00:00Z', '1970-01-01T00:00:02Z']] },
  })
})
