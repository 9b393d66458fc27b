import type { OsmExtract, OsmMember } from './osm-extract.ts'
import { createExtractBuilder, DamagedExtract } from './osm-extract.ts'

/** Longer texts do not fit into one string; such extracts come as `.osm.pbf`. */
const largestTextBytes = 400_000_000

interface Open {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly tags: Record<string, string>
  readonly nodes: number[]
  readonly members: OsmMember[]
}

/**
 * Reads OSM XML (version 0.6, also as JOSM saves it: what it marks as deleted is left out). Throws `DamagedExtract` with the byte of the text where
 * an element is broken, is closed by another's name, lacks what it must have, or the text ends too early.
 */
export function readOsmXml(bytes: Uint8Array): OsmExtract {
  if (bytes.length > largestTextBytes)
    throw new DamagedExtract(`the text is longer than ${largestTextBytes} bytes: import it as .osm.pbf`, largestTextBytes)
  const text = new TextDecoder().decode(bytes)
  const builder = createExtractBuilder()
  const damaged = (what: string, at: number): DamagedExtract => new DamagedExtract(what, Buffer.byteLength(text.slice(0, at)))
  const stack: string[] = []
  let element: Open | undefined
  const finish = (open: Open, at: number): void => {
    const number = (name: string): number => {
      const value = Number(open.attributes.get(name) ?? NaN)
      if (!Number.isFinite(value)) throw damaged(`a ${open.name} has no usable ${name}`, at)
      return value
    }
    if (open.attributes.get('action') === 'delete' || open.attributes.get('visible') === 'false') return
    if (open.name === 'node') {
      const [lon, lat] = [number('lon'), number('lat')]
      if (Math.abs(lon) > 180 || Math.abs(lat) > 90) throw damaged(`a node lies at ${lon}, ${lat}`, at)
      builder.addNode(number('id'), lon, lat, Object.keys(open.tags).length > 0 ? open.tags : undefined)
    } else if (open.name === 'way') builder.addWay({ id: number('id'), nodes: open.nodes, tags: open.tags })
    else builder.addRelation({ id: number('id'), members: open.members, tags: open.tags })
  }
  let at = 0
  for (;;) {
    const start = text.indexOf('<', at)
    if (start < 0) break
    if (text.startsWith('<!--', start)) {
      at = endAfter(text, '-->', start, damaged)
      continue
    }
    if (text.startsWith('<?', start) || text.startsWith('<!', start)) {
      at = endAfter(text, '>', start, damaged)
      continue
    }
    const tag = readTag(text, start, damaged)
    at = tag.end
    if (tag.isClosing) {
      if (stack.pop() !== tag.name) throw damaged(`</${tag.name}> closes nothing`, start)
      if (element?.name === tag.name && stack.length === 1) {
        finish(element, start)
        element = undefined
      }
      continue
    }
    if (stack.length === 0 && tag.name !== 'osm') throw damaged(`the text begins with <${tag.name}>, not <osm>`, start)
    if (stack.length === 1 && (tag.name === 'node' || tag.name === 'way' || tag.name === 'relation')) {
      element = { name: tag.name, attributes: tag.attributes, tags: {}, nodes: [], members: [] }
      if (tag.isEmpty) {
        finish(element, start)
        element = undefined
      }
    } else if (stack.length === 1 && tag.name === 'bounds') {
      const [west, south, east, north] = ['minlon', 'minlat', 'maxlon', 'maxlat'].map((name) => Number(tag.attributes.get(name) ?? NaN))
      if (![west, south, east, north].every((side) => Number.isFinite(side))) throw damaged('<bounds> lacks a side', start)
      builder.addBounds([west!, south!, east!, north!])
    } else if (element !== undefined) enterChild(element, tag, () => damaged(`a <${tag.name}> of ${element?.name} is incomplete`, start))
    if (!tag.isEmpty) stack.push(tag.name)
  }
  if (stack.length > 0) throw damaged(`the text ends within <${stack.at(-1)}>`, text.length)
  if (at === 0) throw damaged('the text holds no element', 0)
  return builder.finish()
}

interface XmlTag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly isClosing: boolean
  readonly isEmpty: boolean
  readonly end: number
}

type Damaged = (what: string, at: number) => DamagedExtract

const tagPattern = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attributePattern = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

function readTag(text: string, start: number, damaged: Damaged): XmlTag {
  tagPattern.lastIndex = start
  const match = tagPattern.exec(text)
  if (match === null) throw damaged('an element is broken', start)
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of match[3]!.matchAll(attributePattern)) attributes.set(name!, unescape(double ?? single ?? ''))
  return { name: match[2]!, attributes, isClosing: match[1] === '/', isEmpty: match[4] === '/', end: tagPattern.lastIndex }
}

function endAfter(text: string, mark: string, start: number, damaged: Damaged): number {
  const found = text.indexOf(mark, start)
  if (found < 0) throw damaged('the text ends within a comment or declaration', start)
  return found + mark.length
}

function enterChild(element: Open, tag: XmlTag, incomplete: () => DamagedExtract): void {
  const ref = Number(tag.attributes.get('ref') ?? NaN)
  if (tag.name === 'tag') {
    const [key, value] = [tag.attributes.get('k'), tag.attributes.get('v')]
    if (key === undefined || value === undefined) throw incomplete()
    element.tags[key] = value
  } else if (tag.name === 'nd') {
    if (!Number.isSafeInteger(ref)) throw incomplete()
    element.nodes.push(ref)
  } else if (tag.name === 'member') {
    const type = tag.attributes.get('type')
    if (!Number.isSafeInteger(ref) || (type !== 'node' && type !== 'way' && type !== 'relation')) throw incomplete()
    element.members.push({ type, ref, role: tag.attributes.get('role') ?? '' })
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescape(value: string): string {
  if (!value.includes('&')) return value
  return value.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? (hex === undefined ? undefined : parseInt(hex, 16)) : Number(decimal)
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    return entities[name] ?? whole
  })
}
