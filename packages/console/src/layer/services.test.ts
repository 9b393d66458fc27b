import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupByService, serviceOf } from './services.ts'

test('layers are grouped by service in one order, and a type that nobody knows is not lost', () => {
  const types = ['WasteContainer', 'Spaceport', 'WeatherObserved', 'NoiseLevelObserved', 'AirQualityObserved']
  assert.deepEqual(
    groupByService(types.map((type) => ({ type }))).map(({ service, items }) => [service, ...items.map(({ type }) => type)]),
    [
      ['environment', 'NoiseLevelObserved', 'AirQualityObserved'],
      ['weather', 'WeatherObserved'],
      ['waste', 'WasteContainer'],
      ['other', 'Spaceport'],
    ],
  )
  assert.equal(serviceOf('constructor'), 'other')
})
