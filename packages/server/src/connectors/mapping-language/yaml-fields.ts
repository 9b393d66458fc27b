import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Json } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'

/** One value of a mapping file, with the path of keys that leads to it and its line, so that every refusal can name them. */
export type YamlField = { readonly file: string; readonly path: string; readonly line: number; readonly node: unknown; readonly lines: LineCounter }

/** Reads a mapping file's text as YAML 1.2 without aliases. Throws `ImportRefusal`, naming the line. */
export function parseYaml(file: string, text: string): YamlField {
  if (text.length > maxTextLength) throw new ImportRefusal(`${file} is longer than ${maxTextLength} characters`)
  const lines = new LineCounter()
  const document = readDocument(file, text, lines)
  const [error] = document.errors
  if (error !== undefined) throw new ImportRefusal(`${file}, line ${lineOf(lines, error.pos[0])}: ${firstLine(error.message)}`, { cause: error })
  return { file, path: '', line: 1, node: document.contents, lines }
}

/** An error that names the field's key and line. */
export function refuseField(field: YamlField, problem: string): ImportRefusal {
  return new ImportRefusal(`${field.file}, line ${field.line}: ${field.path === '' ? 'the mapping' : field.path} ${problem}`)
}

/** The members of a field that must be a map with no other keys than these. */
export function membersOf<Key extends string>(field: YamlField, allowed: readonly Key[]): Partial<Record<Key, YamlField>> {
  const found: Partial<Record<Key, YamlField>> = {}
  for (const [key, member] of entriesOf(field)) {
    if (!isOneOf(key, allowed)) throw refuseField(member, `is not a key here; these are: ${allowed.join(', ')}`)
    found[key] = member
  }
  return found
}

/** The members of a field that must be a map with keys of one's own choice. */
export function entriesOf(field: YamlField): readonly (readonly [string, YamlField])[] {
  if (!isMap(field.node)) throw refuseField(field, `must be a map, not ${kindOf(field.node)}`)
  return field.node.items.map((pair) => {
    const keyNode: unknown = pair.key
    const at = { ...field, line: lineOfNode(field, keyNode) }
    const key = keyTextOf(keyNode)
    if (key === undefined) throw refuseField(at, `has a key that is ${kindOf(keyNode)}`)
    return [key, memberField(at, field.path === '' ? key : `${field.path}.${key}`, pair.value)] as const
  })
}

/** The items of a field that must be a list. */
export function itemsOf(field: YamlField): readonly YamlField[] {
  if (!isSeq(field.node)) throw refuseField(field, `must be a list, not ${kindOf(field.node)}`)
  return field.node.items.map((item, index) => memberField({ ...field, line: lineOfNode(field, item) }, `${field.path}[${index}]`, item))
}

/** A text, or a number or boolean as YAML writes it. */
export function textOf(field: YamlField): string {
  const value = scalarOf(field)
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw refuseField(field, `must be a text, not ${kindOf(field.node)}`)
}

export function booleanOf(field: YamlField): boolean {
  const value = scalarOf(field)
  if (typeof value !== 'boolean') throw refuseField(field, `must be true or false, not ${kindOf(field.node)}`)
  return value
}

/** A finite number. */
export function numberOfField(field: YamlField): number {
  const value = scalarOf(field)
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuseField(field, `must be a number, not ${kindOf(field.node)}`)
  return value
}

/** One of a closed set of texts. */
export function choiceOf<Choice extends string>(field: YamlField, choices: readonly Choice[]): Choice {
  const value = scalarOf(field)
  if (typeof value !== 'string' || !isOneOf(value, choices))
    throw refuseField(field, `must be one of ${choices.join(', ')}, not ${kindOf(field.node)}`)
  return value
}

/** A list of texts, or one text alone. */
export function textsOf(field: YamlField): readonly string[] {
  return isList(field) ? itemsOf(field).map(anyTextOf) : [anyTextOf(field)]
}

/** Any value, as JSON. */
export function jsonOf(field: YamlField): Json {
  if (isMap(field.node)) return Object.fromEntries(entriesOf(field).map(([key, member]) => [key, jsonOf(member)]))
  if (isSeq(field.node)) return itemsOf(field).map(jsonOf)
  const value = scalarOf(field)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw refuseField(field, 'must be a value that JSON has')
}

export function isList(field: YamlField): boolean {
  return isSeq(field.node)
}

export function isMapField(field: YamlField): boolean {
  return isMap(field.node)
}

const maxTextLength = 256 * 1024
const maxDepth = 32

function readDocument(file: string, text: string, lines: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2', schema: 'core' })
  } catch (error) {
    throw new ImportRefusal(`${file} is not YAML: ${error instanceof Error ? firstLine(error.message) : String(error)}`, { cause: error })
  }
}

function memberField(parent: YamlField, path: string, node: unknown): YamlField {
  const field = { ...parent, path, node }
  if (isAlias(node)) throw refuseField(field, 'is an alias, which mappings do not have')
  if (path.split(/[.[]/).length > maxDepth) throw refuseField(parent, `is deeper than ${maxDepth} levels`)
  return field
}

function keyTextOf(node: unknown): string | undefined {
  const value: unknown = isScalar(node) ? node.value : undefined
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function scalarOf(field: YamlField): unknown {
  if (field.node === null) return null
  if (!isScalar(field.node)) throw refuseField(field, `must be one value, not ${kindOf(field.node)}`)
  return field.node.value
}

/** A text that may be empty. */
function anyTextOf(field: YamlField): string {
  return scalarOf(field) === '' ? '' : textOf(field)
}

function kindOf(node: unknown): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node) || node.value === null || node.value === '') return 'nothing'
  const text = JSON.stringify(node.value) ?? 'something else'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function lineOfNode(field: YamlField, node: unknown): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
  return range == null ? field.line : lineOf(field.lines, range[0])
}

function lineOf(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line)
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

function isOneOf<Choice extends string>(value: string, choices: readonly Choice[]): value is Choice {
  return (choices as readonly string[]).includes(value)
}
