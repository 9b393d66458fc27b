import type { Condition } from './mapping.ts'
import { entriesOf, isList, itemsOf, isMapField, membersOf, refuseField, textsOf } from './yaml-fields.ts'
import type { YamlField } from './yaml-fields.ts'

/**
 * Conditions, all of which must hold: a map of columns to the texts they must have (`{status: OK, kind: [a, b]}`), where `{not: [x]}` in place of texts
 * names those they must not have.
 */
export function parseConditions(field: YamlField): readonly Condition[] {
  if (isList(field)) return itemsOf(field).flatMap(parseConditions)
  return entriesOf(field).map(([name, value]) => {
    const column = { text: name, line: value.line }
    if (!isMapField(value)) return { column, is: textsOf(value) }
    const { not } = membersOf(value, ['not'])
    if (not === undefined) throw refuseField(value, 'must have the key not, or be texts')
    return { column, not: textsOf(not) }
  })
}
