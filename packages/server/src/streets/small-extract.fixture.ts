import { deflateSync } from 'node:zlib'
import { PbfWriter } from 'pbf'
import type { OsmExtract } from './osm-extract.ts'

/** Writes an extract as `.osm.pbf`, the way common tools do: a header block, then dense nodes, ways and relations in blocks of their own. */
export function writePbf(extract: OsmExtract, { isPacked = true, features = ['OsmSchema-V0.6', 'DenseNodes'] } = {}): Uint8Array {
  const header = new PbfWriter()
  for (const feature of features) header.writeStringField(4, feature)
  const blocks = [blob('OSMHeader', header.finish(), isPacked)]
  const groups: ((strings: Strings, writer: PbfWriter) => void)[] = [
    (strings, writer) => writer.writeMessage(2, (_, dense) => writeDense(extract, strings, dense), 0),
    (strings, writer) => {
      for (const way of extract.ways) {
        writer.writeMessage(
          3,
          (_, inner) => {
            inner.writeVarintField(1, way.id)
            writeTags(inner, strings, way.tags)
            inner.writePackedSVarint(8, deltas(way.nodes))
          },
          0,
        )
      }
    },
    (strings, writer) => {
      for (const relation of extract.relations) {
        writer.writeMessage(
          4,
          (_, inner) => {
            inner.writeVarintField(1, relation.id)
            writeTags(inner, strings, relation.tags)
            inner.writePackedVarint(
              8,
              relation.members.map((member) => strings.indexOf(member.role)),
            )
            inner.writePackedSVarint(9, deltas(relation.members.map((member) => member.ref)))
            inner.writePackedVarint(
              10,
              relation.members.map((member) => ['node', 'way', 'relation'].indexOf(member.type)),
            )
          },
          0,
        )
      }
    },
  ]
  for (const write of groups) {
    const strings = createStrings()
    const group = new PbfWriter()
    write(strings, group)
    const block = new PbfWriter()
    const body = group.finish()
    block.writeMessage(
      1,
      (_, table) => {
        for (const string of strings.list) table.writeBytesField(1, new TextEncoder().encode(string))
      },
      0,
    )
    block.writeBytesField(2, body)
    block.writeVarintField(17, 100)
    blocks.push(blob('OSMData', block.finish(), isPacked))
  }
  return Buffer.concat(blocks)
}

/** Writes an extract as OSM XML. */
export function writeXml(extract: OsmExtract): string {
  const escape = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const tags = (each: Readonly<Record<string, string>> = {}): string =>
    Object.entries(each)
      .map(([key, value]) => `    <tag k="${escape(key)}" v="${escape(value)}"/>\n`)
      .join('')
  const nodes = Array.from(extract.nodeIds, (id, at) => {
    const own = extract.nodeTags.get(id)
    const start = `  <node id="${id}" lat="${extract.nodeLat[at]}" lon='${extract.nodeLon[at]}'`
    return own === undefined ? `${start}/>\n` : `${start}>\n${tags(own)}  </node>\n`
  })
  const ways = extract.ways.map(
    (way) => `  <way id="${way.id}">\n${way.nodes.map((ref) => `    <nd ref="${ref}"/>\n`).join('')}${tags(way.tags)}  </way>\n`,
  )
  const relations = extract.relations.map(
    (relation) =>
      `  <relation id="${relation.id}">\n${relation.members.map((m) => `    <member type="${m.type}" ref="${m.ref}" role="${m.role}"/>\n`).join('')}${tags(relation.tags)}  </relation>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n<!-- made <by> a test -->\n${nodes.join('')}${ways.join('')}${relations.join('')}</osm>\n`
}

/** A crossing with a restriction, names with special characters, and ids beyond 32 bits. */
export const smallExtract: OsmExtract = {
  nodeIds: Float64Array.from([1, 2, 3, 9_000_000_004]),
  nodeLon: Float64Array.from([24.94, 24.941, 24.9420001, 24.941]),
  nodeLat: Float64Array.from([60.17, 60.1700007, 60.17, 60.171]),
  nodeTags: new Map([[2, { highway: 'traffic_signals' }]]),
  ways: [
    { id: 10, nodes: [1, 2], tags: { highway: 'residential', name: 'Länsi "katu" & <tie>' } },
    { id: 11, nodes: [2, 3], tags: { highway: 'residential', name: '東通り' } },
    { id: 9_000_000_012, nodes: [2, 9_000_000_004], tags: { highway: 'service' } },
  ],
  relations: [
    {
      id: 20,
      members: [
        { type: 'way', ref: 10, role: 'from' },
        { type: 'node', ref: 2, role: 'via' },
        { type: 'way', ref: 9_000_000_012, role: 'to' },
      ],
      tags: { type: 'restriction', restriction: 'no_left_turn' },
    },
  ],
}

interface Strings {
  readonly list: string[]
  indexOf(value: string): number
}

function createStrings(): Strings {
  const list = ['']
  return {
    list,
    indexOf(value) {
      const known = list.indexOf(value, 1)
      return known > 0 ? known : list.push(value) - 1
    },
  }
}

function writeTags(writer: PbfWriter, strings: Strings, tags: Readonly<Record<string, string>>): void {
  writer.writePackedVarint(
    2,
    Object.keys(tags).map((key) => strings.indexOf(key)),
  )
  writer.writePackedVarint(
    3,
    Object.values(tags).map((value) => strings.indexOf(value)),
  )
}

function writeDense(extract: OsmExtract, strings: Strings, writer: PbfWriter): void {
  writer.writePackedSVarint(1, deltas([...extract.nodeIds]))
  writer.writePackedSVarint(8, deltas(Array.from(extract.nodeLat, (degrees) => Math.round(degrees * 1e7))))
  writer.writePackedSVarint(9, deltas(Array.from(extract.nodeLon, (degrees) => Math.round(degrees * 1e7))))
  const keysValues = Array.from(extract.nodeIds, (id) => [
    ...Object.entries(extract.nodeTags.get(id) ?? {}).flatMap(([key, value]) => [strings.indexOf(key), strings.indexOf(value)]),
    0,
  ])
  writer.writePackedVarint(10, keysValues.flat())
}

function deltas(values: readonly number[]): number[] {
  return values.map((value, at) => value - (at === 0 ? 0 : values[at - 1]!))
}

function blob(type: string, body: Uint8Array, isPacked: boolean): Buffer {
  const content = new PbfWriter()
  if (isPacked) {
    content.writeVarintField(2, body.length)
    content.writeBytesField(3, deflateSync(body))
  } else content.writeBytesField(1, body)
  const bytes = content.finish()
  const header = new PbfWriter()
  header.writeStringField(1, type)
  header.writeVarintField(3, bytes.length)
  const headerBytes = header.finish()
  const length = Buffer.alloc(4)
  length.writeUInt32BE(headerBytes.length)
  return Buffer.concat([length, headerBytes, bytes])
}
