import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { formatInstant } from '@cityloop/ngsi-ld'
import type { Entity, Json } from '@cityloop/ngsi-ld'
import * as fc from 'fast-check'
import { expandTerm } from '../expand-term.ts'
import { ImportRefusal } from '../import-refusal.ts'
import type { ImportTarget, ObserveOutcome } from '../import-target.ts'
import { parseMapping } from '../mapping-language/parse-mapping.ts'
import { importFiles } from './import-files.ts'
import type { FileReport } from './import-files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cityloop-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Keeps what it was sent: per entity, attribute and time the last value. `refuse` and `failAfter` make it behave badly. */
type Kept = ImportTarget & {
  readonly batches: Entity[][]
  values(id: string, attribute: string): readonly string[]
  readonly ids: ReadonlySet<string>
}

function memoryTarget(behaviour: { refuse?: (entity: Entity) => boolean; failAfter?: number } = {}): Kept {
  const batches: Entity[][] = []
  const instances = new Map<string, string>()
  const ids = new Set<string>()
  const rows = new Map<string, Json>()
  const observe = (entity: Entity): ObserveOutcome => {
    if (behaviour.refuse?.(entity) === true) return { kind: 'refused', type: 'BadRequestData', detail: `${entity.id} is not wanted` }
    ids.add(entity.id)
    let isChanged = false
    for (const [name, [instance]] of Object.entries(entity.attributes)) {
      const key = JSON.stringify([entity.id, name, instance?.observedAt ?? ''])
      const value = JSON.stringify(instance?.value)
      if (instances.get(key) !== value) isChanged = true
      instances.set(key, value)
    }
    return { kind: isChanged ? 'changed' : 'unchanged' }
  }
  return {
    batches,
    ids,
    values: (id, attribute) =>
      [...instances].flatMap(([key, value]) => {
        const [of, name, at] = JSON.parse(key) as [string, string, number | '']
        return of === id && name === expandTerm(attribute) ? [at === '' ? value : `${formatInstant(at)} ${value}`] : []
      }),
    observe: async (_tenant, entities) => {
      if (behaviour.failAfter !== undefined && batches.length >= behaviour.failAfter) throw new Error('the server is gone')
      batches.push([...entities])
      return Promise.resolve(entities.map(observe))
    },
    progress: {
      get: async (key) => Promise.resolve(rows.get(key)),
      put: async (key, value) => Promise.resolve(void rows.set(key, JSON.parse(JSON.stringify(value)) as Json)),
      delete: async (key) => Promise.resolve(void rows.delete(key)),
    },
  }
}

const head = `title: Test
source: { attribution: The city, license: https://example.org/licence }
`

const levels = `${head}file: { format: csv, delimiter: ';' }
zone: Europe/Madrid
entities:
  - type: WasteContainer
    id: urn:ngsi-ld:WasteContainer:{bin}
    time: at
    attributes:
      fillingLevel: { compute: { divide: [level, 100] } }
      temperature: { column: temperature, as: number, unit: CEL }
      name: { column: street, as: text, observed: false }
`

async function importText(target: ImportTarget, mapping: string, content: string, name = 'file.csv'): Promise<FileReport> {
  const path = join(folder, name)
  await writeFile(path, content)
  const [report] = await importFiles(target, { tenant: 'city', files: [{ path, mapping: parseMapping('m.yaml', mapping) }] })
  assert.ok(report)
  return report
}

void test('rows become observations with value, unit, time and source', async () => {
  const target = memoryTarget()
  const report = await importText(target, levels, 'bin;at;level;temperature;street\nA 1;2024-07-01 12:00;45;21,5;Calle Mayor\n')
  assert.deepEqual([report.rows, report.observations, report.changed, report.rejected], [1, 1, 1, 0])
  const [entity] = target.batches[0] ?? []
  assert.equal(entity?.id, 'urn:ngsi-ld:WasteContainer:A-1')
  assert.deepEqual(entity?.types, [expandTerm('WasteContainer')])
  assert.deepEqual(entity?.attributes[expandTerm('temperature')], [
    { kind: 'Property', unitCode: 'CEL', value: 21.5, observedAt: Date.UTC(2024, 6, 1, 10) * 1000 },
  ])
  assert.deepEqual(entity?.attributes[expandTerm('fillingLevel')]?.[0]?.value, 0.45)
  assert.deepEqual(entity?.attributes[expandTerm('name')], [{ kind: 'Property', value: 'Calle Mayor' }])
  assert.deepEqual(entity?.attributes[expandTerm('dataProvider')], [{ kind: 'Property', value: 'The city' }])
  assert.deepEqual(entity?.attributes[expandTerm('license')], [{ kind: 'Property', value: 'https://example.org/licence' }])
})

void test('the same import again changes nothing', async () => {
  const target = memoryTarget()
  const content =
    'bin;at;level;temperature;street\n' +
    Array.from({ length: 3000 }, (_, n) => `${n % 7};2024-07-01 ${String(n % 24).padStart(2, '0')}:00;${n % 100};1;x`).join('\n')
  const first = await importText(target, levels, content)
  const again = await importText(target, levels, content)
  assert.ok(first.changed > 0)
  assert.deepEqual([again.changed, again.unchanged], [0, first.observations])
})

void test('rows of one entity at one time become one command, also far apart in the file', async () => {
  const target = memoryTarget()
  const mapping = `${head}file: { format: csv }
zone: UTC
entities:
  - type: AirQualityObserved
    id: urn:ngsi-ld:AirQualityObserved:{station}
    time: at
    attributes:
      no2: { column: value, as: number, when: { what: 8 } }
      o3: { column: value, as: number, when: { what: 14 } }
`
  const hours = Array.from({ length: 700 }, (_, n) => new Date(n * 3_600_000).toISOString())
  const rows = [8, 14].flatMap((what) => hours.map((at, n) => `1,${what},${at},${what + n}`))
  const report = await importText(target, mapping, `station,what,at,value\n${rows.join('\n')}\n`)
  assert.equal(report.observations, 700)
  const sent = target.batches.flat()
  assert.ok(sent.every(({ attributes }) => attributes[expandTerm('no2')] !== undefined && attributes[expandTerm('o3')] !== undefined))
})

void test('what an entity is as such is sent once, and again when it changes', async () => {
  const target = memoryTarget()
  await importText(
    target,
    levels,
    'bin;at;level;temperature;street\n1;2024-07-01 10:00;1;1;North\n1;2024-07-01 11:00;2;1;North\n1;2024-07-01 12:00;3;1;South\n',
  )
  const names = target.batches.flat().map(({ attributes }) => attributes[expandTerm('name')]?.[0]?.value)
  assert.deepEqual(names, ['North', undefined, 'South'])
})

void test('an import that was cut short goes on where it was, and writes the same', async () => {
  const content =
    'bin;at;level;temperature;street\n' + Array.from({ length: 9000 }, (_, n) => `${n};2024-07-01 10:00;${n === 50 ? 'full' : 5};1;x`).join('\n')
  const whole = memoryTarget()
  const expected = await importText(whole, levels, content)

  const rows = memoryTarget()
  const failing = memoryTarget({ failAfter: 12 })
  const shared = (target: Kept): ImportTarget => ({ observe: (tenant, entities) => target.observe(tenant, entities), progress: rows.progress })
  await assert.rejects(importText(shared(failing), levels, content), /the server is gone/)
  const rest = memoryTarget()
  const resumed = await importText(shared(rest), levels, content)

  assert.ok((resumed.resumedAtRow ?? 0) > 4000, String(resumed.resumedAtRow))
  assert.ok(rest.ids.size < whole.ids.size)
  assert.deepEqual(new Set([...failing.ids, ...rest.ids]), whole.ids)
  assert.equal(resumed.rejected, expected.rejected)
  assert.equal(resumed.observations, expected.observations)
  const third = await importText(shared(memoryTarget()), levels, content)
  assert.equal(third.resumedAtRow, undefined)
})

void test('rejected rows go to a file with number, reason and cells, and nothing of them is written', async () => {
  const target = memoryTarget({ refuse: ({ id }) => id.endsWith(':9') })
  const report = await importText(
    target,
    levels,
    'bin;at;level;temperature;street\n1;2024-07-01 10:00;1;1;"a, b"\n2;2024-07-01 10:00;full;1;x\n3;yesterday;1;1;x\n4;2024-07-01 10:00;1\n;2024-07-01 10:00;1;1;x\n9;2024-07-01 10:00;1;1;x\n',
  )
  assert.deepEqual([report.rejected, report.refused, report.changed], [5, 1, 1])
  assert.deepEqual([...target.ids], ['urn:ngsi-ld:WasteContainer:1'])
  const lines = (await readFile(report.rejectedFile ?? '', 'utf8')).trimEnd().split('\n')
  assert.deepEqual(lines, [
    'row,reason,bin,at,level,temperature,street',
    '2,"fillingLevel: level: ""full"" is not a number",2,2024-07-01 10:00,full,1,x',
    '3,"""yesterday"" is not a date-time",3,yesterday,1,1,x',
    '4,"has 3 cells, not 5",4,2024-07-01 10:00,1',
    '5,id: urn:ngsi-ld:WasteContainer:{bin} has no value,,2024-07-01 10:00,1,1,x',
    '6,BadRequestData: urn:ngsi-ld:WasteContainer:9 is not wanted,9,2024-07-01 10:00,1,1,x',
  ])
  const clean = await importText(target, levels, 'bin;at;level;temperature;street\n1;2024-07-01 10:00;1;1;x\n')
  assert.equal(clean.rejectedFile, undefined)
  await assert.rejects(readFile(report.rejectedFile ?? ''), /ENOENT/)
})

const hours = `${head}file: { format: csv }
zone: Europe/Madrid
wide: { columns: 'H##', validity: { columns: 'V##', is: V } }
entities:
  - type: AirQualityObserved
    id: urn:ngsi-ld:AirQualityObserved:{station}
    time: { from: '{day}T{wide.number}:00' }
    attributes:
      no2: { column: wide.value, as: number, unit: GQ }
`

void test('hours in columns: what is not valid is no value, hour 24 is the next day, and the repeated hour is read as its first', async () => {
  const target = memoryTarget()
  const report = await importText(target, hours, 'station,day,H02,V02,H03,V03,H24,V24\nA,2019-10-27,00012,V,-1,N,7,V\n')
  assert.equal(report.invalid, 1)
  assert.deepEqual(target.values('urn:ngsi-ld:AirQualityObserved:A', 'no2'), ['2019-10-27T00:00:00.000Z 12', '2019-10-27T23:00:00.000Z 7'])
  const later = memoryTarget()
  await importText(later, `${hours}ambiguous: later\n`, 'station,day,H02,V02\nA,2019-10-27,00012,V\n')
  assert.deepEqual(later.values('urn:ngsi-ld:AirQualityObserved:A', 'no2'), ['2019-10-27T01:00:00.000Z 12'])
})

void test('an hour that clocks leave out is rejected, or shifted where the mapping says so', async () => {
  const content = 'station,day,H02,V02\nA,2019-03-31,1,V\n'
  assert.equal((await importText(memoryTarget(), hours, content)).rejected, 1)
  const target = memoryTarget()
  await importText(target, `${hours}missing: shift\n`, content)
  assert.deepEqual(target.values('urn:ngsi-ld:AirQualityObserved:A', 'no2'), ['2019-03-31T01:00:00.000Z 1'])
  assert.equal((await importText(memoryTarget(), `${hours}ambiguous: reject\n`, 'station,day,H02,V02\nA,2019-10-27,1,V\n')).rejected, 1)
})

void test('a joined file gives place and size by key; names are folded into ids that stay apart', async () => {
  await writeFile(
    join(folder, 'decks.geojson'),
    JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name: 'Bahnhofstraße', total: 10 }, geometry: { type: 'Point', coordinates: [7.6, 51.9] } }],
    }),
  )
  const mapping = `${head}file: { format: csv }
joins: { deck: { file: decks.geojson, format: geojson, key: name, on: '{wide.name}', required: false } }
zone: Europe/Berlin
wide: { except: at }
entities:
  - type: OffStreetParking
    id: urn:ngsi-ld:OffStreetParking:{wide.name}
    time: { from: '{at}', format: dd.MM.yyyy HH:mm }
    location: { geometry: deck.geometry }
    attributes:
      availableSpotNumber: { column: wide.value, as: integer }
      occupiedSpotNumber: { compute: { max: [0, { subtract: [deck.total, wide.value] }] } }
`
  const target = memoryTarget()
  await importText(target, mapping, 'at,Bahnhofstraße,駅前\n01.06.2024 12:00,4,3\n01.06.2024 13:00,11,2\n')
  assert.deepEqual([...target.ids], ['urn:ngsi-ld:OffStreetParking:Bahnhofstrasse', 'urn:ngsi-ld:OffStreetParking:%E9%A7%85%E5%89%8D'])
  assert.deepEqual(target.values('urn:ngsi-ld:OffStreetParking:Bahnhofstrasse', 'occupiedSpotNumber'), [
    '2024-06-01T10:00:00.000Z 6',
    '2024-06-01T11:00:00.000Z 0',
  ])
  assert.deepEqual(target.values('urn:ngsi-ld:OffStreetParking:Bahnhofstrasse', 'location'), ['{"type":"Point","coordinates":[7.6,51.9]}'])
  assert.deepEqual(target.values('urn:ngsi-ld:OffStreetParking:%E9%A7%85%E5%89%8D', 'occupiedSpotNumber'), [])
  assert.equal((await importText(memoryTarget(), mapping.replace(', required: false', ''), 'at,x\n01.06.2024 12:00,4\n')).rejected, 1)
  const twins = await importText(memoryTarget(), mapping, 'at,P 1,P-1\n01.06.2024 12:00,4,3\n')
  assert.equal(twins.rejected, 1)
})

void test('nothing is written where the file or the mapping cannot be read', async () => {
  const target = memoryTarget()
  await assert.rejects(importText(target, levels, 'bin;when;level;temperature;street\n1;2;3;4;5\n'), (error) => {
    assert.ok(error instanceof ImportRefusal)
    assert.match(error.message, /^m\.yaml, line 8: .*file\.csv has no column at; it has bin, when, level, temperature, street$/)
    return true
  })
  await assert.rejects(
    importText(target, levels, 'bin;at;level;temperature;street\n1;2024-07-01;1,5;1;x\n2;2024-07-01;1.5;1;x\n'),
    /decimal point on row 2/,
  )
  assert.equal(target.batches.length, 0)
})

void test('values outside a location, deletion marks and unknown words of a map are rejected', async () => {
  const mapping = `${head}file: { format: csv }
entities:
  - type: Thing
    id: urn:x:{id}
    location: { lon: lon, lat: lat }
    attributes:
      note: note
      kind: { column: kind, map: { G: glass, P: paper } }
`
  const target = memoryTarget()
  const report = await importText(target, mapping, 'id,lon,lat,note,kind\n1,2,3,ok,G\n2,200,3,ok,G\n3,2,3,urn:ngsi-ld:null,G\n4,2,3,ok,X\n5,,,ok,P\n')
  assert.equal(report.rejected, 3)
  assert.deepEqual(target.values('urn:x:1', 'kind'), ['"glass"'])
  assert.deepEqual(target.values('urn:x:5', 'location'), [])
})

void test('random CSV texts are imported or refused in a clear sentence', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '1',
      '2024-07-01 10:00',
      '2024-03-31T02:30',
      '45',
      '1,5',
      '1.234',
      '',
      '"',
      '"a;b"',
      'a\nb',
      'urn:ngsi-ld:null',
      '__proto__',
      '1e999',
      '\u0000',
    ),
    fc.string({ maxLength: 12 }),
  )
  const text = fc.tuple(
    fc.constantFrom('bin;at;level;temperature;street', 'bin,at,level,temperature,street', 'at', ''),
    fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }),
    fc.constantFrom(';', ';', ';', ',', '\t'),
    fc.constantFrom('\n', '\r\n'),
  )
  await fc.assert(
    fc.asyncProperty(text, async ([header, rows, delimiter, end]) => {
      const content = [header, ...rows.map((row) => row.join(delimiter))].join(end)
      try {
        const report = await importText(memoryTarget(), levels, content)
        assert.ok(report.rejected + report.skipped <= report.rows + report.refused)
      } catch (error) {
        assert.ok(error instanceof ImportRefusal, error instanceof Error ? (error.stack ?? '') : String(error))
        assert.match(error.message, /file\.csv/)
      }
    }),
    { seed: 20260303, numRuns: Number(process.env['IMPORT_RUNS'] ?? 2000) },
  )
})
