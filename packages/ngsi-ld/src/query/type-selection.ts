/*
 * The type selection language (CIM 009, 4.17):
 *
 *   EntityTypes = "*" / Or
 *   Or          = And *( ("|" / ",") And )
 *   And         = "(" Type *(";" Type) ")" / Type *(";" Type)     ; the standard asks for the parentheses, brokers in use do not
 *   Type        = a name or a URI without any of , | ; ( )
 *
 * "*" selects every type (6.4.3.2).
 */
import type { Iri } from '../entity/entity.ts'
import { Cursor } from './cursor.ts'
import { type Expand, type Name, toName } from './name.ts'

/** A disjunction of conjunctions of types. */
export type TypeSelection = { readonly kind: 'any' } | { readonly kind: 'anyOf'; readonly alternatives: readonly (readonly Name[])[] }

/** Parses a selector of entity types; throws `BadRequestData` with the position. */
export function parseTypeSelection(text: string, expand: Expand): TypeSelection {
  if (text === '*') return { kind: 'any' }
  // A disjunction in parentheses of its own is one without them.
  const cursor = new Cursor('type', /^\(([^()]*[|,][^()]*)\)$/.exec(text)?.[1] ?? text)
  const alternatives = [parseAnd(cursor, expand)]
  while (cursor.take('|') || cursor.take(',')) alternatives.push(parseAnd(cursor, expand))
  if (!cursor.done) throw cursor.fail('"|", "," or the end')
  return { kind: 'anyOf', alternatives }
}

/** Writes a selection so that it parses to the same tree. */
export function printTypeSelection(selection: TypeSelection): string {
  if (selection.kind === 'any') return '*'
  return selection.alternatives
    .map((types) => {
      const joined = types.map((type) => type.written).join(';')
      return types.length > 1 ? `(${joined})` : joined
    })
    .join('|')
}

/** Whether an entity of these types is selected; it may have other types too. */
export function matchesTypes(selection: TypeSelection, types: readonly Iri[]): boolean {
  return selection.kind === 'any' || selection.alternatives.some((all) => all.every((type) => types.includes(type.expanded)))
}

function parseAnd(cursor: Cursor, expand: Expand): readonly Name[] {
  const opened = cursor.take('(')
  const types = [parseType(cursor, expand)]
  while (cursor.take(';')) types.push(parseType(cursor, expand))
  if (opened) cursor.expect(')')
  return types
}

const typePattern = /[^,|;()\s"<>*]+/y

function parseType(cursor: Cursor, expand: Expand): Name {
  const written = cursor.match(typePattern)
  if (written === undefined) throw cursor.fail('an entity type')
  return toName(written, expand)
}
