import { refuse } from '../refusal.ts'

/** An XML element without namespaces: what the reader of models works on, whoever parsed the text. */
export interface XmlNode {
  /** Local name in lower case; a prefix is kept (`isee:prefs`). */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
  /** Text directly inside the element, parts joined, white space at both ends dropped. */
  readonly text: string
}

/** The most elements and the deepest nesting a document may have. */
export const treeLimits = { elements: 200_000, depth: 100 } as const

/**
 * Takes the ordered result of fast-xml-parser apart: a list of `{ name: [children], ':@': { attributes } }` and `{ '#text': text }`, from options
 * `preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, trimValues: false,
 * processEntities: false, cdataPropName: '#cdata'`. With entities off in the parser, the five of XML and numbered characters are read here and any
 * other entity is refused. Throws a `Refusal` for any other shape and beyond the limits.
 */
export function treeFromFastXml(ordered: unknown): XmlNode {
  if (!Array.isArray(ordered)) refuse('xml', 'The parsed document is no list of elements')
  const left = { elements: treeLimits.elements }
  const roots = (ordered as unknown[]).map((item) => nodeOf(item, left, 1)).filter((node) => node !== undefined)
  const elements = roots.filter((node): node is XmlNode => typeof node !== 'string' && !node.name.startsWith('?'))
  const [root] = elements
  if (root === undefined || elements.length !== 1) refuse('xml', `A document has one root element, not ${elements.length}`)
  return root
}

function nodeOf(item: unknown, left: { elements: number }, depth: number): XmlNode | string | undefined {
  if (typeof item !== 'object' || item === null) refuse('xml', 'An element of the parsed document is no object')
  const record = item as Record<string, unknown>
  if ('#text' in record) return withoutEntities(scalarText(record['#text']))
  if ('#cdata' in record) return rawText(record['#cdata'])
  const names = Object.keys(record).filter((key) => key !== ':@')
  const [name] = names
  if (name === undefined || names.length !== 1) refuse('xml', `An element of the parsed document has ${names.length} names`)
  if (name.startsWith('#') || name.startsWith('!')) return undefined // comments and what a document type leaves
  left.elements -= 1
  if (left.elements < 0) refuse('xml', `The document has more than ${treeLimits.elements} elements`)
  if (depth > treeLimits.depth) refuse('xml', `The document is nested deeper than ${treeLimits.depth}`)
  const inside = record[name]
  if (!Array.isArray(inside)) refuse('xml', `The element ${name} has no list of children`)
  const parts = (inside as unknown[]).map((child) => nodeOf(child, left, depth + 1))
  return {
    name: name.toLowerCase(),
    attributes: attributesOf(record[':@']),
    children: parts.filter((part): part is XmlNode => typeof part === 'object'),
    text: parts
      .filter((part) => typeof part === 'string')
      .join('')
      .trim(),
  }
}

function attributesOf(found: unknown): Record<string, string> {
  if (found === undefined) return {}
  if (typeof found !== 'object' || found === null) refuse('xml', 'The attributes of an element are no object')
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key.replace(/^@_/, '').toLowerCase(), withoutEntities(scalarText(value))]))
}

function rawText(found: unknown): string {
  const parts = Array.isArray(found) ? (found as unknown[]) : [found]
  return parts.map((part) => scalarText(typeof part === 'object' && part !== null ? (part as Record<string, unknown>)['#text'] : part)).join('')
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&\s]{0,20});?/g, (_, name: string) => {
    const known = Object.hasOwn(entities, name) ? entities[name] : undefined
    if (known !== undefined) return known
    const code = /^#x[0-9a-f]+$/i.test(name) ? Number.parseInt(name.slice(2), 16) : /^#\d+$/.test(name) ? Number(name.slice(1)) : Number.NaN
    if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
    return refuse('xml', `The document uses the entity &${name};, and entities are not read`)
  })
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return refuse('xml', 'A text of the parsed document is neither text, number nor truth value')
}

/** The first child of that name. */
export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name)
}

/** All children of that name. */
export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child) => child.name === name)
}
