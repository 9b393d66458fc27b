import { createHash } from 'node:crypto'
import type { EntityRule, JoinRule, LocationRule, Mapping, Operand, Source, TableRule, TimeRule, WideRule } from './mapping.ts'
import { isName, parseAttributes } from './parse-attribute.ts'
import { parseOperand } from './parse-computation.ts'
import { parseConditions } from './parse-condition.ts'
import { parseReference, parseTemplate, parseTimeFormat, parseZone } from './template.ts'
import { booleanOf, choiceOf, entriesOf, isMapField, itemsOf, membersOf, parseYaml, refuseField, textOf, textsOf } from './yaml-fields.ts'
import type { YamlField } from './yaml-fields.ts'

/** Reads a mapping file's text; `file` is what errors call it. Throws `ImportRefusal`, naming the key and line. */
export function parseMapping(file: string, text: string): Mapping {
  const root = parseYaml(file, text)
  const keys = ['title', 'source', 'file', 'joins', 'where', 'wide', 'zone', 'ambiguous', 'missing', 'entities'] as const
  const { title, source, file: table, joins, where, wide, zone, ambiguous, missing, entities } = membersOf(root, keys)
  return {
    file,
    sha256: createHash('sha256').update(text).digest('hex'),
    title: textOf(needed(root, 'title', title)),
    source: parseSource(needed(root, 'source', source)),
    table: parseTable(needed(root, 'file', table)),
    joins: joins === undefined ? [] : entriesOf(joins).map(([name, field]) => parseJoin(name, field)),
    where: where === undefined ? [] : parseConditions(where),
    wide: wide === undefined ? undefined : parseWide(wide),
    zone: zone === undefined ? undefined : parseZone(zone),
    ambiguous: ambiguous === undefined ? 'earlier' : choiceOf(ambiguous, ['earlier', 'later', 'reject']),
    missing: missing === undefined ? 'reject' : choiceOf(missing, ['reject', 'shift']),
    entities: parseEntities(needed(root, 'entities', entities)),
  }
}

function needed(parent: YamlField, key: string, field: YamlField | undefined): YamlField {
  if (field === undefined) throw refuseField(parent, `has no key ${key}`)
  return field
}

function parseSource(field: YamlField): Source {
  const { attribution, license, url } = membersOf(field, ['attribution', 'license', 'url'])
  return {
    attribution: textOf(needed(field, 'attribution', attribution)),
    license: textOf(needed(field, 'license', license)),
    url: url === undefined ? undefined : uriOf(url),
  }
}

function uriOf(field: YamlField): string {
  const text = textOf(field)
  if (!URL.canParse(text)) throw refuseField(field, `must be a URI, not ${text}`)
  return text
}

const tableKeys = ['format', 'delimiter', 'encoding', 'decimal', 'columns', 'rows', 'empty'] as const

function parseTable(field: YamlField): TableRule {
  return tableOf(membersOf(field, tableKeys), field)
}

function tableOf(members: Partial<Record<(typeof tableKeys)[number], YamlField>>, parent: YamlField): TableRule {
  const { format, delimiter, encoding, decimal, columns, rows, empty } = members
  return {
    format: choiceOf(needed(parent, 'format', format), ['csv', 'json', 'geojson']),
    delimiter: delimiter === undefined ? undefined : delimiterOf(delimiter),
    encoding: encoding === undefined ? undefined : choiceOf(encoding, ['utf-8', 'latin1'] as const),
    decimalMark: decimal === undefined ? undefined : choiceOf(decimal, ['point', 'comma'] as const),
    columns: columns === undefined ? undefined : textsOf(columns),
    rowsAt: rows === undefined ? undefined : textOf(rows).split('.'),
    empty: empty === undefined ? [''] : ['', ...textsOf(empty)],
  }
}

function delimiterOf(field: YamlField): string {
  const text = textOf(field)
  if (text === 'tab') return '\t'
  if (text.length !== 1 || text === '"' || text === '\n' || text === '\r')
    throw refuseField(field, `must be one character or tab, not ${JSON.stringify(text)}`)
  return text
}

const reserved = new Set(['wide', 'row', 'time', 'geometry'])

function parseJoin(name: string, field: YamlField): JoinRule {
  const { file, key, on, required, ...table } = membersOf(field, ['file', 'key', 'on', 'required', ...tableKeys])
  if (reserved.has(name) || !/^[a-z]\w*$/i.test(name))
    throw refuseField(field, `must be named with letters and digits, and not ${[...reserved].join(', ')}`)
  return {
    name,
    file: textOf(needed(field, 'file', file)),
    table: tableOf(table, field),
    key: textOf(needed(field, 'key', key)),
    on: parseTemplate(needed(field, 'on', on)),
    required: required === undefined ? true : booleanOf(required),
  }
}

function parseWide(field: YamlField): WideRule {
  const { columns, names, except, validity } = membersOf(field, ['columns', 'names', 'except', 'validity'])
  const given = [columns, names, except].filter((member) => member !== undefined)
  if (given.length !== 1) throw refuseField(field, 'must have exactly one of columns, names and except')
  const rule = {
    line: field.line,
    columns:
      columns !== undefined
        ? { like: patternOf(columns) }
        : names !== undefined
          ? { names: textsOf(names) }
          : { allBut: textsOf(needed(field, 'except', except)) },
  }
  if (validity === undefined) return rule
  if (columns === undefined) throw refuseField(validity, 'needs wide.columns with # for digits')
  const { columns: beside, is } = membersOf(validity, ['columns', 'is'])
  return { ...rule, validity: { like: patternOf(needed(validity, 'columns', beside)), is: textsOf(needed(validity, 'is', is)) } }
}

function patternOf(field: YamlField): string {
  const text = textOf(field)
  if (!/^[^#]*#+[^#]*$/.test(text)) throw refuseField(field, `must be a column name with # in place of its digits, such as H##, not ${text}`)
  return text
}

function parseEntities(field: YamlField): readonly EntityRule[] {
  const rules = itemsOf(field).map(parseEntity)
  if (rules.length === 0) throw refuseField(field, 'must have at least one entity')
  return rules
}

function parseEntity(field: YamlField): EntityRule {
  const { type, id, when, time, location, attributes } = membersOf(field, ['type', 'id', 'when', 'time', 'location', 'attributes'])
  const types = textsOf(needed(field, 'type', type))
  for (const name of types) if (!isName(name)) throw refuseField(type ?? field, `must be a name or an IRI, not ${JSON.stringify(name)}`)
  const idTemplate = parseTemplate(needed(field, 'id', id))
  if (!/^urn:[a-z0-9][a-z0-9-]*:/i.test(idTemplate.text)) throw refuseField(id ?? field, `must begin with urn:, such as urn:ngsi-ld:${types[0]}:…`)
  return {
    types,
    id: idTemplate,
    when: when === undefined ? [] : parseConditions(when),
    time: time === undefined ? undefined : parseTime(time),
    location: location === undefined ? undefined : parseLocation(location),
    attributes: attributes === undefined ? [] : parseAttributes(attributes),
  }
}

/** A column with an ISO 8601 date-time alone, or `from` (a template) with a `format`. */
function parseTime(field: YamlField): TimeRule {
  if (!isMapField(field)) {
    const column = parseReference(field)
    return { from: { text: column.text, line: field.line, parts: [column] } }
  }
  const { from, format } = membersOf(field, ['from', 'format'])
  return { from: parseTemplate(needed(field, 'from', from)), format: format === undefined ? undefined : parseTimeFormat(format) }
}

function parseLocation(field: YamlField): LocationRule {
  const { lon, lat, line, geometry } = membersOf(field, ['lon', 'lat', 'line', 'geometry'])
  if (geometry !== undefined && lon === undefined && lat === undefined && line === undefined)
    return { kind: 'geometry', column: parseReference(geometry) }
  if (line !== undefined && lon === undefined && lat === undefined && geometry === undefined) return { kind: 'line', points: pointsOf(line) }
  if (lon !== undefined && lat !== undefined && line === undefined && geometry === undefined)
    return { kind: 'point', lon: parseOperand(lon), lat: parseOperand(lat) }
  throw refuseField(field, 'must have lon and lat, or line, or geometry')
}

function pointsOf(field: YamlField): readonly (readonly [Operand, Operand])[] {
  const points = itemsOf(field).map((item) => {
    const [lon, lat, more] = itemsOf(item)
    if (lon === undefined || lat === undefined || more !== undefined) throw refuseField(item, 'must be [lon, lat]')
    return [parseOperand(lon), parseOperand(lat)] as const
  })
  if (points.length < 2) throw refuseField(field, `must have at least 2 points, not ${points.length}`)
  return points
}
