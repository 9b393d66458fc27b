import type { Json } from '@cityloop/ngsi-ld'
import type { AttributeRule, Reference, ValueSource } from './mapping.ts'
import { parseComputation } from './parse-computation.ts'
import { parseConditions } from './parse-condition.ts'
import { parseReference, parseTemplate, parseTimeFormat } from './template.ts'
import { booleanOf, choiceOf, entriesOf, isMapField, jsonOf, membersOf, refuseField, textOf } from './yaml-fields.ts'
import type { YamlField } from './yaml-fields.ts'

const kinds = ['Property', 'Relationship', 'GeoProperty', 'LanguageProperty', 'VocabProperty', 'JsonProperty'] as const
const valueTypes = ['decided', 'number', 'integer', 'text', 'boolean', 'date-time'] as const
const keys = [
  'name',
  'kind',
  'column',
  'template',
  'value',
  'compute',
  'languages',
  'as',
  'format',
  'unit',
  'datasetId',
  'map',
  'when',
  'observed',
] as const

/** The attributes of an entity: by name a rule, or a column alone; `name` in a rule lets one attribute have several rules. */
export function parseAttributes(field: YamlField): readonly AttributeRule[] {
  return entriesOf(field).map(([key, member]) => parseAttribute(key, member))
}

function parseAttribute(key: string, field: YamlField): AttributeRule {
  if (!isMapField(field)) return ruleOf(key, field, { kind: 'column', column: parseReference(field) })
  const members = membersOf(field, keys)
  const { as, format, unit, datasetId, map, when, observed, kind, name } = members
  const source = parseSource(field, members)
  const rule = ruleOf(name === undefined ? key : nameOf(name), field, source)
  const isObservable = source.kind !== 'constant' && source.kind !== 'languages'
  return {
    ...rule,
    kind: kind === undefined ? rule.kind : choiceOf(kind, kinds),
    as: as === undefined ? 'decided' : choiceOf(as, valueTypes),
    format: format === undefined ? undefined : parseTimeFormat(format),
    unitCode: unit === undefined ? undefined : unitOf(unit),
    datasetId: datasetId === undefined ? undefined : iriOf(datasetId),
    map: map === undefined ? undefined : new Map<string, Json>(entriesOf(map).map(([text, value]) => [text, jsonOf(value)])),
    when: when === undefined ? [] : parseConditions(when),
    isObserved: observed === undefined ? isObservable : booleanOf(observed),
  }
}

function ruleOf(name: string, field: YamlField, source: ValueSource): AttributeRule {
  if (!isName(name)) throw refuseField(field, 'must be a name of letters, digits and underscores, or an IRI')
  return {
    name,
    line: field.line,
    kind: source.kind === 'languages' ? 'LanguageProperty' : 'Property',
    source,
    as: 'decided',
    when: [],
    isObserved: source.kind !== 'constant' && source.kind !== 'languages',
  }
}

function parseSource(field: YamlField, members: Partial<Record<'column' | 'template' | 'value' | 'compute' | 'languages', YamlField>>): ValueSource {
  const { column, template, value, compute, languages } = members
  const found: ValueSource[] = []
  if (column !== undefined) found.push({ kind: 'column', column: parseReference(column) })
  if (template !== undefined) found.push({ kind: 'template', template: parseTemplate(template) })
  if (value !== undefined) found.push({ kind: 'constant', value: jsonOf(value) })
  if (compute !== undefined) found.push({ kind: 'computed', computation: parseComputation(compute) })
  if (languages !== undefined) found.push({ kind: 'languages', languages: entriesOf(languages).map(parseLanguage) })
  const [source, second] = found
  if (source === undefined || second !== undefined)
    throw refuseField(field, `must have exactly one of column, template, value, compute and languages, not ${found.length}`)
  return source
}

function parseLanguage([tag, member]: readonly [string, YamlField]): readonly [string, Reference] {
  if (!/^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8})*$/.test(tag)) throw refuseField(member, 'must be under a language tag such as es or pt-BR')
  return [tag, parseReference(member)]
}

/** A term of letters, digits and underscores, or an IRI. */
export function isName(text: string): boolean {
  return /^[A-Za-z]\w*$/.test(text) || (/^[a-z][a-z\d+.-]*:\S+$/i.test(text) && URL.canParse(text))
}

function nameOf(field: YamlField): string {
  return textOf(field)
}

function unitOf(field: YamlField): string {
  const code = textOf(field)
  if (!/^[A-Z\d]{2,3}$/.test(code)) throw refuseField(field, `must be a UN/CEFACT unit code such as CEL or KMH, not ${code}`)
  return code
}

function iriOf(field: YamlField): string {
  const text = textOf(field)
  if (!URL.canParse(text)) throw refuseField(field, `must be a URI, not ${text}`)
  return text
}
