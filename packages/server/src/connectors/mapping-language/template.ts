import { openZone } from '#runtime/civil-time.ts'
import { formatProblem } from '../import/read-time.ts'
import type { Reference, Template } from './mapping.ts'
import { refuseField, textOf } from './yaml-fields.ts'
import type { YamlField } from './yaml-fields.ts'

/** A reference to a column, from a field that holds its name. */
export function parseReference(field: YamlField): Reference {
  return { text: textOf(field), line: field.line }
}

/** Text with references in braces, such as `madrid-{ESTACION}`; `{{` and `}}` are braces. */
export function parseTemplate(field: YamlField): Template {
  const text = textOf(field)
  const parts: (string | Reference)[] = []
  let plain = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if ((character === '{' || character === '}') && text[at + 1] === character) {
      plain += character
      at += 1
    } else if (character === '{') {
      const end = text.indexOf('}', at)
      const name = end === -1 ? '' : text.slice(at + 1, end).trim()
      if (name === '') throw refuseField(field, `has a brace that holds no column name in ${JSON.stringify(text)}`)
      if (plain !== '') parts.push(plain)
      parts.push({ text: name, line: field.line })
      plain = ''
      at = end
    } else if (character === '}') {
      throw refuseField(field, `has a closing brace without an opening one in ${JSON.stringify(text)}`)
    } else plain += character
  }
  if (plain !== '') parts.push(plain)
  return { text, line: field.line, parts }
}

/** The name of an IANA time zone. */
export function parseZone(field: YamlField): string {
  const name = textOf(field)
  if (openZone(name) === undefined) throw refuseField(field, `must be an IANA time zone such as Europe/Madrid, not ${name}`)
  return name
}

/** A date-time format of the parts that `read-time.ts` knows. */
export function parseTimeFormat(field: YamlField): string {
  const format = textOf(field)
  const problem = formatProblem(format)
  if (problem !== undefined) throw refuseField(field, problem)
  return format
}
