import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { importFiles } from '../../packages/server/src/connectors/import/import-files.ts'
import { loadMapping } from '../../packages/server/src/connectors/shipped-mappings.ts'
import { cityloopTerms } from '../../packages/server/src/runtime/cityloop-terms.ts'
import { openCityOfTest } from './city-of-test.ts'
import type { Evolution } from './city-of-test.ts'
import { countingTarget } from './counting-target.ts'
import type { CountingTarget } from './counting-target.ts'
import { plainJson, plainRows } from './plain-file.ts'

/*
 * Real open data goes in by the shipped mappings; what the API then says equals figures that this test reads from the files by plain code.
 * The two largest files are mapped whole into counts, and stored in part; IMPORT_WHOLE=1 stores them whole (some minutes).
 */
const data = process.env['TEST_DATA'] ?? ''
const options = { skip: data === '' ? 'TEST_DATA is not set' : false }
const isWhole = process.env['IMPORT_WHOLE'] === '1'

/** Totals by key, from the file. */
function totals<Row>(rows: readonly Row[], keyOf: (row: Row) => string, valueOf: (row: Row) => number | undefined): Map<string, Evolution> {
  const found = new Map<string, Evolution>()
  for (const row of rows) {
    const value = valueOf(row)
    if (value === undefined) continue
    const { count, sum } = found.get(keyOf(row)) ?? { count: 0, sum: 0 }
    found.set(keyOf(row), { count: count + 1, sum: sum + value })
  }
  return found
}

function assertTotals(actual: ReadonlyMap<string, Evolution>, expected: ReadonlyMap<string, Evolution>): void {
  assert.deepEqual([...actual.keys()].toSorted(), [...expected.keys()].toSorted())
  for (const [id, { count, sum }] of expected) {
    assert.equal(actual.get(id)?.count, count, id)
    assert.ok(Math.abs((actual.get(id)?.sum ?? NaN) - sum) <= 1e-6 * Math.max(1, Math.abs(sum)), `${id}: ${actual.get(id)?.sum} is not ${sum}`)
  }
}

function numberOrNone(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text)
}

/** Imports a whole file into counts. */
async function countWhole(mapping: string, path: string): Promise<CountingTarget> {
  const target = countingTarget()
  await importFiles(target, {
    tenant: '',
    files: [{ path, mapping: await loadMapping(mapping) }],
    rejectedPath: () => join(tmpdir(), 'cityloop-rejected.csv'),
  })
  return target
}

const hours = Array.from({ length: 24 }, (_, index) => String(index + 1).padStart(2, '0'))

void test('Madrid, air quality of October 2019: every valid hour of every station and pollutant is there, and no other', options, async () => {
  await using city = await openCityOfTest()
  const path = join(data, 'air-quality-madrid/oct_mo19.csv.gz')
  const rows = plainRows(path, ';')
  const report = await city.import('madrid-air-quality', path)
  const valid = rows.flatMap((row) =>
    hours
      .filter((hour) => row[`V${hour}`] === 'V')
      .map((hour) => ({ station: row['ESTACION'] ?? '', what: row['MAGNITUD'], hour, day: row['DIA'], value: Number(row[`H${hour}`]) })),
  )
  assert.equal(report.invalid, rows.length * 24 - valid.length)
  assert.equal(report.rejected, 0)
  assert.equal(report.observations, new Set(valid.map(({ station, day, hour }) => `${station} ${day} ${hour}`)).size)
  assert.equal(await city.count('AirQualityObserved'), new Set(rows.map((row) => row['ESTACION'])).size)

  const names =
    '1 so2 6 co 7 no 8 no2 9 pm25 10 pm10 12 nox 14 o3 20 toluene 30 c6h6 35 ethylbenzene 42 totalHydrocarbons 43 ch4 44 nonMethaneHydrocarbons'
  const attributeOf = new Map([...names.matchAll(/(\d+) ([a-z]\w*)/gi)].map(([, what = '', name = '']) => [what, name]))
  for (const what of new Set(rows.map((row) => row['MAGNITUD'] ?? ''))) {
    const measured = valid.filter((value) => value.what === what)
    const expected = totals(
      measured,
      ({ station }) => `urn:ngsi-ld:AirQualityObserved:madrid-${station}`,
      ({ value }) => value,
    )
    assertTotals(await city.evolution('AirQualityObserved', attributeOf.get(what) ?? what), expected)
  }

  // Local hour 24 of 1 October is 22:00 in UTC; hour 2 of 27 October, when clocks go back, is 00:00 in UTC, and hour 3 is 02:00.
  const at = (station: string, what: string, day: string, hour: string): number =>
    valid.find((value) => value.station === station && value.what === what && value.day === day && value.hour === hour)?.value ?? NaN
  const square = 'urn:ngsi-ld:AirQualityObserved:madrid-4'
  assert.equal(await city.valueAt(square, 'no2', '2019-10-01T22:00:00.000Z'), at('4', '8', '01', '24'))
  assert.equal(await city.valueAt(square, 'no2', '2019-10-27T00:00:00.000Z'), at('4', '8', '27', '02'))
  assert.equal(await city.valueAt(square, 'no2', '2019-10-27T01:00:00.000Z'), undefined)
  assert.equal(await city.valueAt(square, 'no2', '2019-10-27T02:00:00.000Z'), at('4', '8', '27', '03'))
  const station = plainRows(join(data, 'air-quality-madrid/estaciones.csv'), ';').find((row) => row['CODIGO_CORTO'] === '4')
  const entity = (await city.get(`/ngsi-ld/v1/entities/${square}?options=keyValues`)) as Record<string, unknown>
  assert.deepEqual(entity['location'], { type: 'Point', coordinates: [Number(station?.['LONGITUD']), Number(station?.['LATITUD'])] })
  assert.equal(entity['name'], station?.['ESTACION'])
  assert.match(String(entity['dataProvider']), /Ayuntamiento de Madrid/)

  const again = await city.import('madrid-air-quality', path)
  assert.deepEqual([again.changed, again.unchanged], [0, report.observations])
})

void test('Aarhus, two weeks of traffic: counts and sums of every segment, and each segment lies between its ends', options, async () => {
  const folder = join(data, 'traffic-aarhus')
  const rows = plainRows(join(folder, 'traffic_5min.csv.gz'), ',')
  const idOf = (row: Readonly<Record<string, string>>): string => `urn:ngsi-ld:TrafficFlowObserved:aarhus-${row['report_id']}`
  const vehicles = totals(rows, idOf, (row) => numberOrNone(row['vehicle_count']))
  const speeds = totals(rows, idOf, (row) => (row['avg_speed_kmh'] === '0' ? undefined : Number(row['avg_speed_kmh'])))

  const whole = await countWhole('aarhus-traffic', join(folder, 'traffic_5min.csv.gz'))
  const counted = (attribute: string): Map<string, Evolution> =>
    new Map([...whole.ids].map((id) => [id, whole.of(id, cityloopTerms[attribute] ?? '')]))
  assertTotals(counted('intensity'), vehicles)
  assertTotals(counted('averageVehicleSpeed'), speeds)

  await using city = await openCityOfTest()
  const part = await mkdtemp(join(tmpdir(), 'cityloop-traffic-'))
  const day = isWhole ? rows : rows.filter((row) => row['timestamp']?.startsWith('2014-08-05'))
  const header = Object.keys(rows[0] ?? {})
  await writeFile(join(part, 'traffic.csv'), [header, ...day.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n'))
  await cp(join(folder, 'sensors.csv'), join(part, 'sensors.csv'))
  const report = await city.import('aarhus-traffic', join(part, 'traffic.csv'))
  await rm(part, { recursive: true })
  assert.equal(report.observations, day.length)
  assert.equal(await city.count('TrafficFlowObserved'), new Set(rows.map((row) => row['report_id'])).size)
  assertTotals(
    await city.evolution('TrafficFlowObserved', 'intensity'),
    totals(day, idOf, (row) => numberOrNone(row['vehicle_count'])),
  )
  const spot = day.find((row) => row['timestamp'] === '2014-08-05T08:00:00' && row['avg_speed_kmh'] !== '0')
  assert.ok(spot)
  assert.equal(await city.valueAt(idOf(spot), 'averageVehicleSpeed', '2014-08-05T06:00:00.000Z'), Number(spot['avg_speed_kmh']))
  for (const sensor of plainRows(join(folder, 'sensors.csv'), ',')) {
    const entity = (await city.get(`/ngsi-ld/v1/entities/urn:ngsi-ld:TrafficFlowObserved:aarhus-${sensor['REPORT_ID']}?options=keyValues`)) as Record<
      string,
      unknown
    >
    const ends = [1, 2].map((end) => [Number(sensor[`POINT_${end}_LNG`]), Number(sensor[`POINT_${end}_LAT`])])
    assert.deepEqual(entity['location'], { type: 'LineString', coordinates: ends })
  }
})

void test('Aarhus, parking: the vehicles that each garage reported, more than its spaces too', options, async () => {
  await using city = await openCityOfTest()
  const path = join(data, 'parking-aarhus/parking.csv.gz')
  const rows = plainRows(path, ',')
  const report = await city.import('aarhus-parking', path)
  const idOf = (row: Readonly<Record<string, string>>): string => `urn:ngsi-ld:OffStreetParking:aarhus-${row['garagecode']}`
  assert.equal(report.observations, new Set(rows.map((row) => `${row['garagecode']} ${row['updatetime']}`)).size)
  assertTotals(
    await city.evolution('OffStreetParking', 'occupiedSpotNumber'),
    totals(rows, idOf, (row) => numberOrNone(row['vehiclecount'])),
  )
  const free = totals(rows, idOf, (row) => Math.max(0, Number(row['totalspaces']) - Number(row['vehiclecount'])))
  assertTotals(await city.evolution('OffStreetParking', 'availableSpotNumber'), free)
  assert.equal(await city.count('OffStreetParking'), plainRows(join(data, 'parking-aarhus/garages.csv'), ',').length)
})

void test('Münster, parking: every car park of every row, those on the plan with place and size', options, async () => {
  const folder = join(data, 'parking-muenster')
  const name = 'parking_free_2024-04_2024-05.csv.gz'
  const rows = plainRows(join(folder, name), ',')
  const parks = Object.keys(rows[0] ?? {}).filter((column) => column !== 'Datum und Uhrzeit')
  const idOf = (park: string): string =>
    `urn:ngsi-ld:OffStreetParking:muenster-${park
      .replaceAll('ß', 'ss')
      .normalize('NFD')
      .replace(/[\u0300-\u036F]/g, '')
      .replaceAll(' ', '-')}`
  const free = (of: typeof rows): Map<string, Evolution> =>
    new Map(parks.map((park) => [idOf(park), { count: of.length, sum: of.reduce((sum, row) => sum + Number(row[park]), 0) }]))
  const whole = await countWhole('muenster-parking', join(folder, name))
  assertTotals(new Map([...whole.ids].map((id) => [id, whole.of(id, cityloopTerms['availableSpotNumber'] ?? '')])), free(rows))

  await using city = await openCityOfTest()
  const part = await mkdtemp(join(tmpdir(), 'cityloop-muenster-'))
  const some = isWhole ? rows : rows.slice(0, 600)
  await writeFile(
    join(part, 'free.csv'),
    [Object.keys(rows[0] ?? {}), ...some.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n'),
  )
  await cp(join(folder, 'parking_decks.geojson'), join(part, 'parking_decks.geojson'))
  await city.import('muenster-parking', join(part, 'free.csv'))
  await rm(part, { recursive: true })
  assert.equal(await city.count('OffStreetParking'), parks.length)
  assertTotals(await city.evolution('OffStreetParking', 'availableSpotNumber'), free(some))
  const { features } = plainJson(join(folder, 'parking_decks.geojson')) as {
    features: readonly { properties: { name: string; total?: number }; geometry: unknown }[]
  }
  for (const park of parks) {
    const deck = features.find(({ properties }) => properties.name === park)
    const entity = (await city.get(`/ngsi-ld/v1/entities/${encodeURIComponent(idOf(park))}?options=keyValues`)) as Record<string, unknown>
    assert.deepEqual(entity['location'], deck?.geometry, park)
    assert.equal(entity['totalSpotNumber'], deck?.properties.total, park)
    const last = Number(some.at(-1)?.[park])
    assert.equal(entity['occupiedSpotNumber'], deck?.properties.total === undefined ? undefined : Math.max(0, deck.properties.total - last), park)
  }
})

void test('Santander, a snapshot: a sensor that measures something is one entity of its kind, and each is a device', options, async () => {
  await using city = await openCityOfTest()
  const path = join(data, 'environment-santander/sensores_smart_env_monitoring_2016-04-11.json')
  const { resources } = plainJson(path) as { resources: readonly Readonly<Record<string, string>>[] }
  await city.import('santander-environment', path)
  const idOf = (type: string) => (row: Readonly<Record<string, string>>) => `urn:ngsi-ld:${type}:santander-${row['dc:identifier']}`
  assertTotals(
    await city.evolution('NoiseLevelObserved', 'LAeq'),
    totals(resources, idOf('NoiseLevelObserved'), (row) => numberOrNone(row['ayto:noise'])),
  )
  assertTotals(
    await city.evolution('WeatherObserved', 'temperature'),
    totals(resources, idOf('WeatherObserved'), (row) => numberOrNone(row['ayto:temperature'])),
  )
  assertTotals(
    await city.evolution('WeatherObserved', 'illuminance'),
    totals(resources, idOf('WeatherObserved'), (row) => numberOrNone(row['ayto:light'])),
  )
  assert.equal(await city.count('Device'), resources.length)
  const [first] = resources
  const device = (await city.get(`/ngsi-ld/v1/entities/${idOf('Device')(first ?? {})}`)) as { batteryLevel: { value: number; observedAt: string } }
  assert.equal(device.batteryLevel.value, Number(first?.['ayto:battery']) / 100)
  assert.equal(Date.parse(device.batteryLevel.observedAt), Date.parse(first?.['dc:modified'] ?? ''))
})

void test('Wyndham, bins: one level a bin and day, as a share of full, at that day’s midnight', options, async () => {
  await using city = await openCityOfTest()
  const path = join(data, 'waste-wyndham/smartbin_fill_daily.csv')
  const rows = plainRows(path, ',')
  await city.import('wyndham-bins', path)
  const idOf = (row: Readonly<Record<string, string>>): string => `urn:ngsi-ld:WasteContainer:wyndham-${row['serialNumber']}`
  assertTotals(
    await city.evolution('WasteContainer', 'fillingLevel'),
    totals(rows, idOf, (row) => Number(row['latestFullness']) / 10),
  )
  // Melbourne is ten hours ahead of UTC in winter and eleven in summer.
  const winter = rows.find((row) => row['latestFullness'] === '10' && row['timestamp']?.startsWith('2019-07-'))
  const summer = rows.find((row) => row['latestFullness'] === '10' && row['timestamp']?.startsWith('2018-12-'))
  assert.ok(winter && summer)
  const midnight = (row: Readonly<Record<string, string>>, hoursAhead: number): string =>
    new Date(Date.parse(`${row['timestamp']}T00:00:00Z`) - hoursAhead * 3_600_000).toISOString()
  assert.equal(await city.valueAt(idOf(winter), 'fillingLevel', midnight(winter, 10)), 1)
  assert.equal(await city.valueAt(idOf(summer), 'fillingLevel', midnight(summer, 11)), 1)
})

void test('Edinburgh, litter bins and their collections: every different bin, every emptying', options, async () => {
  await using city = await openCityOfTest()
  const bins = join(data, 'waste-edinburgh/litter-bins.geojson')
  const { features } = plainJson(bins) as {
    features: readonly { properties: Readonly<Record<string, string>>; geometry: { coordinates: readonly number[] } }[]
  }
  const different = new Map(
    features.map((feature) => [JSON.stringify([Object.entries(feature.properties).toSorted(), feature.geometry.coordinates]), feature]),
  )
  await city.import('edinburgh-litter-bins', bins)
  assert.equal(await city.count('WasteContainer'), different.size)
  const near = (await city.get(
    `/ngsi-ld/v1/entities?type=WasteContainer&georel=near;maxDistance==1&geometry=Point&coordinates=${JSON.stringify(features[0]?.geometry.coordinates)}&options=keyValues`,
  )) as readonly Readonly<Record<string, unknown>>[]
  assert.ok(near.some(({ name, description }) => name === features[0]?.properties['name'] && description === features[0]?.properties['Location']))

  const collections = join(data, 'waste-edinburgh/sensor_bin_collections.csv')
  const rows = plainRows(collections, ',')
  await city.import('edinburgh-bin-collections', collections)
  const idOf = (row: Readonly<Record<string, string>>): string => `urn:ngsi-ld:WasteContainer:edinburgh-${row['site_id']}`
  assert.equal(await city.count('WasteContainer'), different.size + new Set(rows.map(idOf)).size)
  assertTotals(
    await city.evolution('WasteContainer', 'fillingLevel'),
    totals(rows, idOf, (row) => Number(row['fill_before_pct']) / 100),
  )
  assertTotals(
    await city.evolution('WasteContainer', 'cargoWeight'),
    totals(rows, idOf, (row) => numberOrNone(row['weight_kg'])),
  )
})

void test('Japan, AMeDAS: every reading of every station, and what was not measured is no value', options, async () => {
  await using city = await openCityOfTest()
  const path = join(data, 'weather-japan-amedas/amedas.csv.gz')
  const rows = plainRows(path, ',')
  await city.import('amedas-weather', path)
  const idOf = (row: Readonly<Record<string, string>>): string => `urn:ngsi-ld:WeatherObserved:amedas-${row['amdno']}`
  assertTotals(
    await city.evolution('WeatherObserved', 'temperature'),
    totals(rows, idOf, (row) => numberOrNone(row['temperature_c'])),
  )
  assertTotals(
    await city.evolution('WeatherObserved', 'precipitation'),
    totals(rows, idOf, (row) => numberOrNone(row['precipitation_1h_mm'])),
  )
  assert.equal(await city.count('WeatherObserved'), plainRows(join(data, 'weather-japan-amedas/stations.csv'), ',').length)
})
