import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCsv, parseDeviceList } from './device-csv.ts'

test('a list of devices becomes the documents of FIWARE agents', () => {
  const list = parseDeviceList(
    'device_id,name,latitude,longitude,attributes,commands\nlamp-1,"Quay, north",41.2,-9.3,p=powerConsumption:WTT;s=status,switch;dim\n',
    { apiKey: 'harbour', entityType: 'Streetlight' },
  )
  assert.deepEqual(list.devices, [
    {
      device_id: 'lamp-1',
      apikey: 'harbour',
      entity_type: 'Streetlight',
      attributes: [
        { object_id: 'p', name: 'powerConsumption', type: 'Property', unitCode: 'WTT' },
        { object_id: 's', name: 'status', type: 'Property' },
      ],
      static_attributes: [
        { name: 'name', type: 'Property', value: 'Quay, north' },
        { name: 'location', type: 'GeoProperty', value: { type: 'Point', coordinates: [-9.3, 41.2] } },
      ],
      commands: [
        { name: 'switch', object_id: 'switch', type: 'command' },
        { name: 'dim', object_id: 'dim', type: 'command' },
      ],
    },
  ])
  assert.deepEqual(list.faults, [])
})

test('a bad line is named by its number and the others are taken', () => {
  const list = parseDeviceList('device_id;latitude;longitude;colour\na;41;-9;red\n"b\n2";91;0;\n;1;1;\nc;;;', { apiKey: 'k', entityType: 'T' })
  assert.deepEqual(
    list.devices.map((device) => device.device_id),
    ['a', 'c'],
  )
  assert.deepEqual(list.faults, [
    { line: 3, faults: [{ field: 'latitude', fault: 'latitude' }] },
    { line: 5, faults: [{ field: 'deviceId', fault: 'missing' }] },
  ])
  assert.deepEqual(list.unknownColumns, ['colour'])
})

test('a list without device ids says so', () => {
  assert.deepEqual(parseDeviceList('name\nLamp', {}).missingColumns, ['device_id'])
  assert.deepEqual(parseDeviceList('', {}).missingColumns, ['device_id'])
})

test('any cells come back from quoted CSV', () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\r', ''))
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(rows, (cells) => {
      const named = [['a', 'b'], ...cells]
      const text = named.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n')
      const expected = named.filter((row) => row.some((each) => each.trim() !== ''))
      assert.deepEqual(
        parseCsv(text).map((row) => row.cells),
        expected,
      )
    }),
    { seed: 11, numRuns: 300 },
  )
})
