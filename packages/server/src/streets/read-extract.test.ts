import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { OsmExtract } from './osm-extract.ts'
import { DamagedExtract } from './osm-extract.ts'
import { readExtract } from './read-extract.ts'
import { smallExtract, writePbf, writeXml } from './small-extract.fixture.ts'

const data = process.env.TEST_DATA

async function outcome(bytes: Uint8Array): Promise<OsmExtract | DamagedExtract> {
  try {
    return await readExtract(bytes)
  } catch (error) {
    if (error instanceof DamagedExtract) return error
    throw error
  }
}

void test('one extract reads the same from pbf, packed or not, from XML and from packed XML', async () => {
  for (const bytes of [
    writePbf(smallExtract),
    writePbf(smallExtract, { isPacked: false }),
    Buffer.from(writeXml(smallExtract)),
    gzipSync(writeXml(smallExtract)),
  ]) {
    const read = await readExtract(bytes)
    assert.deepEqual(read.ways, smallExtract.ways)
    assert.deepEqual(read.relations, smallExtract.relations)
    assert.deepEqual(read.nodeTags, smallExtract.nodeTags)
    assert.deepEqual(read.nodeIds, smallExtract.nodeIds)
    for (const [at, lon] of smallExtract.nodeLon.entries()) assert.ok(Math.abs(read.nodeLon[at]! - lon) < 1e-9)
    for (const [at, lat] of smallExtract.nodeLat.entries()) assert.ok(Math.abs(read.nodeLat[at]! - lat) < 1e-9)
  }
})

void test('a pbf file cut anywhere but between blocks is refused with an offset within it', async () => {
  const whole = writePbf(smallExtract)
  const ends = new Set<number>()
  for (let at = 0; at < whole.length;) {
    const header = whole.subarray(at + 4, at + 4 + new DataView(whole.buffer, whole.byteOffset).getUint32(at))
    at += 4 + header.length + (header.at(-2)! < 0x80 ? header.at(-1)! : (header.at(-1)! << 7) | (header.at(-2)! & 0x7f))
    ends.add(at)
  }
  assert.ok(ends.has(whole.length))
  for (let length = 0; length < whole.length; length++) {
    const result = await outcome(whole.subarray(0, length))
    if (ends.has(length)) continue
    assert.ok(result instanceof DamagedExtract, `cut to ${length} bytes it is read`)
    assert.ok(result.offset <= length, `${result.message} in ${length} bytes`)
    assert.match(result.message, new RegExp(`^The extract is damaged at byte ${result.offset}: `))
  }
})

void test('changed bytes end in DamagedExtract or in an extract, never in another error or without end', async () => {
  const wholes = [
    writePbf(smallExtract),
    writePbf(smallExtract, { isPacked: false }),
    Buffer.from(writeXml(smallExtract)),
    gzipSync(writeXml(smallExtract)),
  ]
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (which, changes) => {
      const bytes = Uint8Array.from(wholes[which]!)
      for (const [place, value] of changes) bytes[place % bytes.length] = value
      await outcome(bytes)
    }),
    { seed: 42, numRuns: 3000 },
  )
})

void test('what a pbf file needs and we do not read is named', async () => {
  await assert.rejects(readExtract(writePbf(smallExtract, { features: ['OsmSchema-V0.6', 'HistoricalInformation'] })), /needs HistoricalInformation/)
})

void test('damaged XML is refused at the byte of the broken element', async () => {
  const text = writeXml(smallExtract)
  const refuse = async (from: string, to: string, message: RegExp): Promise<void> => {
    const at = Buffer.byteLength(text.slice(0, text.indexOf(from)))
    const result = await outcome(Buffer.from(text.replace(from, to)))
    assert.ok(result instanceof DamagedExtract, `${to} is read`)
    assert.match(result.message, message)
    assert.equal(result.offset, at)
  }
  await refuse('<nd ref="3"/>', '<nd ref="3"', /is broken/)
  await refuse('<nd ref="3"/>', '<nd ref="three"/>', /<nd> of way is incomplete/)
  await refuse(`<node id="3" lat="60.17"`, `<node id="3" lat="north"`, /no usable lat/)
  await refuse('<tag k="name" v="東通り"/>', '<tag k="name"/>', /<tag> of way is incomplete/)
  const cut = await outcome(Buffer.from(text.slice(0, text.indexOf('<relation'))))
  assert.ok(cut instanceof DamagedExtract && /ends within <osm>/.test(cut.message))
  const cutPacked = gzipSync(text)
  const packed = await outcome(cutPacked.subarray(0, cutPacked.length - 20))
  assert.ok(packed instanceof DamagedExtract && /cannot be unpacked/.test(packed.message))
})

void test('elements that JOSM marks as deleted are left out', async () => {
  const read = await readExtract(Buffer.from(writeXml(smallExtract).replace('<way id="10">', '<way id="10" action="delete">')))
  assert.deepEqual(
    read.ways.map((way) => way.id),
    [11, 9_000_000_012],
  )
})

void test('stated bounds are read, and those of several downloads joined', async () => {
  const bounds = (values: string): string => `<bounds minlat="60.1" minlon="${values}" maxlat="60.2" maxlon="24.95"/>`
  const text = writeXml(smallExtract).replace('<!-- made', `${bounds('24.9')}${bounds('24.8')}<!-- made`)
  assert.deepEqual((await readExtract(Buffer.from(text))).bounds, [24.8, 60.1, 24.95, 60.2])
  const broken = await outcome(Buffer.from(text.replace('minlon="24.8"', 'minlon="west"')))
  assert.ok(broken instanceof DamagedExtract && /<bounds> lacks a side/.test(broken.message))
  assert.equal((await readExtract(writePbf(smallExtract))).bounds, undefined)
})

void test('the extracts of other tools are read whole', { skip: data === undefined && 'TEST_DATA is not set' }, async () => {
  const expected: Record<string, readonly [nodes: number, ways: number]> = {
    'helsinki-centre.osm.pbf': [24_260, 5130],
    'monaco-planetiler.osm.pbf': [25_423, 4106],
    'porto-alegre-centre.osm.pbf': [43_264, 16_032],
    'krems.osm.gz': [15_042, 2402],
  }
  for (const [name, counts] of Object.entries(expected)) {
    const read = await readExtract(await readFile(join(data!, 'osm', name)))
    assert.deepEqual([read.nodeIds.length, read.ways.length], counts, name)
  }
})
