/*
 * The query language (CIM 009, 4.9), as parsed here:
 *
 *   Query     = And *("|" And)
 *   And       = Term *(";" Term)                            ; binds stronger than "|"
 *   Term      = "(" Query ")" / Path [ Op Operand / PatternOp Pattern ] / "!" Path
 *   Path      = Name "{" [ Type *("," Type) ":" ] Path "}"  ; goes on in the entity that the relationship points at
 *             / Name *("." Name) [ "[" Member *("." Member) "]" / "[*]" ]
 *   Op        = "==" / "!=" / ">=" / ">" / "<=" / "<"       ; lists, ranges, booleans and bare words only after "==" and "!="
 *   Operand   = Value *("," Value) / Value ".." Value
 *   Value     = JSON string / JSON number / dateTime / date / time / "true" / "false" / bare word or URI
 *   PatternOp = "~=" / "!~="
 *   Pattern   = DQUOTE verbatim text, in which \" stands for a quote, DQUOTE / text up to ";", "|" or an unopened ")"
 *   Name      = letter *(letter / number / "_")
 *
 * `!path` (absence) is no part of the standard, but in use among brokers. Members may hold hyphens, since language tags do.
 */
import type { Iri } from '../entity/entity.ts'
import type { Instant } from '../entity/instant.ts'
import type { Name } from './name.ts'

/** A query on attribute values. `and` and `or` hold at least two terms. */
export type Q =
  | { readonly kind: 'and'; readonly terms: readonly Q[] }
  | { readonly kind: 'or'; readonly terms: readonly Q[] }
  | { readonly kind: 'exists'; readonly path: QPath; readonly negated: boolean }
  | { readonly kind: 'compare'; readonly path: QPath; readonly op: QOperator; readonly operand: QOperand }
  | QPattern

export type QPattern = { readonly kind: 'pattern'; readonly path: QPath; readonly negated: boolean; readonly pattern: string }

export type QOperator = '==' | '!=' | '>=' | '>' | '<=' | '<'

/** The path to a target element: through linked entities, then attributes of attributes, then into the value. */
export type QPath = {
  readonly links: readonly QLink[]
  /** At least one. */
  readonly names: readonly Name[]
  /** Members of a compound value; of a LanguageProperty the language; `*` alone is any language. */
  readonly members?: readonly Name[]
}

/** A relationship that is followed; `types`, where given, are those of which the linked entity must have one. */
export type QLink = { readonly name: Name; readonly types: readonly Name[] }

/** A list holds at least two values; the bounds of a range are of one kind. */
export type QOperand =
  | { readonly kind: 'single'; readonly value: QValue }
  | { readonly kind: 'list'; readonly values: readonly QValue[] }
  | { readonly kind: 'range'; readonly from: QValue; readonly to: QValue }

/** A value of a query; `expanded` is there where `expandValues` names the attribute (4.9, example 12). */
export type QValue =
  | { readonly kind: 'string'; readonly value: string; readonly expanded?: Iri }
  | { readonly kind: 'word'; readonly value: string; readonly expanded?: Iri }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'dateTime'; readonly text: string; readonly at: Instant }
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'time'; readonly text: string; readonly ofDayUs: number }

/** The largest query: nodes are terms, combinations, values and names of paths; depth counts parentheses and links. */
export const qLimits = Object.freeze({ nodes: 512, depth: 64 })

/** How many relationships the longest path of `q` follows (5.7.2.4: at most joinLevel). */
export function linkDepthOf(q: Q): number {
  switch (q.kind) {
    case 'and':
    case 'or':
      return Math.max(...q.terms.map(linkDepthOf))
    case 'exists':
    case 'compare':
    case 'pattern':
      return q.path.links.length
  }
}

/** The paths of `q`, in order. */
export function pathsOf(q: Q): readonly QPath[] {
  switch (q.kind) {
    case 'and':
    case 'or':
      return q.terms.flatMap(pathsOf)
    case 'exists':
    case 'compare':
    case 'pattern':
      return [q.path]
  }
}
