import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { PMTiles } from 'pmtiles'
import { tileAt } from '#tiles/make-tiles.ts'
import { importExtract } from './import-extract.ts'
import { DamagedExtract } from './osm-extract.ts'
import { smallExtract, writePbf } from './small-extract.fixture.ts'
import { openNetworkFile } from './stored-networks.ts'
import { createStreetService } from './street-service.ts'

const data = process.env.TEST_DATA
const folder = await mkdtemp(join(tmpdir(), 'streets-'))
after(() => rm(folder, { recursive: true }))

async function openArchive(path: string): Promise<PMTiles> {
  const archive = await readFile(path)
  return new PMTiles({
    getKey: () => path,
    getBytes: (offset, length) => Promise.resolve({ data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer }),
  })
}

void test('an import leaves a network that answers and a base map with attribution, and replaces them whole', async () => {
  const file = join(folder, 'small.osm.pbf')
  await writeFile(file, writePbf(smallExtract))
  const steps: string[] = []
  const report = await importExtract(file, join(folder, 'small'), (step) => steps.push(step))
  assert.deepEqual(steps, ['read', 'network', 'tiles', 'done'])
  assert.deepEqual([report.nodes, report.ways, report.directedEdges, report.restrictions], [4, 3, 6, 1])
  const service = createStreetService(await openNetworkFile(report.networkFile))
  const answer = service.route({ profile: { kind: 'car' }, points: [[24.94, 60.17], [24.942, 60.17]] }) // prettier-ignore
  assert.ok(answer.kind === 'route')
  assert.equal(answer.attribution, '© OpenStreetMap contributors')
  assert.deepEqual(
    answer.legs[0]!.steps.map((step) => step.name),
    ['Länsi "katu" & <tie>', '東通り'],
  )
  const metadata = (await (await openArchive(report.baseMapFile)).getMetadata()) as { attribution: string }
  assert.match(metadata.attribution, /OpenStreetMap contributors/)
  const network = await readFile(report.networkFile)
  await writeFile(file, writePbf(smallExtract).subarray(0, 300))
  await assert.rejects(importExtract(file, join(folder, 'small')), DamagedExtract)
  assert.deepEqual(await readFile(report.networkFile), network)
  assert.deepEqual((await readdir(join(folder, 'small'))).toSorted(), ['basemap.pmtiles', 'streets.network'])
})

void test('a file that holds no network is refused with its path', async () => {
  const path = join(folder, 'nothing')
  await writeFile(path, 'nothing')
  await assert.rejects(openNetworkFile(path), /nothing: This is no stored street network/)
})

void test(
  'Monaco: streets are joined up, the tiles hold every layer, land and sea lie where they should',
  { skip: data === undefined && 'TEST_DATA is not set' },
  async () => {
    const report = await importExtract(join(data!, 'osm', 'monaco-planetiler.osm.pbf'), join(folder, 'monaco'))
    const service = createStreetService(await openNetworkFile(report.networkFile))
    const answer = service.route({ profile: { kind: 'truck', weightKg: 12_000, heightM: 3.2 }, points: [[7.4246, 43.7396], [7.4155, 43.7289]] }) // prettier-ignore
    assert.ok(answer.kind === 'route' && answer.distanceM > 1300 && answer.distanceM < 5000, JSON.stringify(answer).slice(0, 200))
    const archive = await openArchive(report.baseMapFile)
    const header = await archive.getHeader()
    assert.ok(header.minZoom <= 10 && header.maxZoom === 14)
    const tileOf = async (lon: number, lat: number): Promise<VectorTile> => {
      const [x, y] = tileAt(lon, lat, 14)
      return new VectorTile(new PbfReader(new Uint8Array((await archive.getZxy(14, x, y))!.data)))
    }
    const centre = await tileOf(7.4246, 43.7396)
    assert.deepEqual(Object.keys(centre.layers).toSorted(), ['buildings', 'earth', 'landuse', 'places', 'pois', 'roads', 'water'])
    const kindsAt = async (lon: number, lat: number): Promise<unknown[]> => {
      const tile = await tileOf(lon, lat)
      const [x, y] = tileAt(lon, lat, 14)
      const found: unknown[] = []
      for (const layer of [tile.layers.earth, tile.layers.water]) {
        for (let at = 0; at < (layer?.length ?? 0); at++) {
          const feature = layer!.feature(at)
          if (feature.type !== 3) continue
          const { geometry } = feature.toGeoJSON(x, y, 14) as { geometry: { type: string; coordinates: unknown } }
          const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as [number, number][][][]
          for (const [outer, ...holes] of polygons) {
            if (within(lon, lat, outer!) && !holes.some((hole) => within(lon, lat, hole))) found.push(feature.properties.kind)
          }
        }
      }
      return found
    }
    assert.ok((await kindsAt(7.42, 43.7375)).includes('earth'))
    assert.ok(!(await kindsAt(7.42, 43.7375)).includes('ocean'))
    assert.ok((await kindsAt(7.438, 43.7365)).includes('ocean'))
    assert.ok(!(await kindsAt(7.438, 43.7365)).includes('earth'))
  },
)

function within(x: number, y: number, ring: readonly [number, number][]): boolean {
  let inside = false
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[ax, ay], [bx, by]] = [ring[at]!, ring[at + 1]!]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}
