/*
 * The scope query language (CIM 009, 4.19):
 *
 *   ScopesQ = And *( ("|" / ",") And )
 *   And     = "(" ScopeQ *(";" ScopeQ) ")" / ScopeQ *(";" ScopeQ)   ; the standard asks for the parentheses, its test suite does not
 *   ScopeQ  = "/#" / [ "/" ] Level *( "/" Level ) [ "/#" ]
 *   Level   = letter *(letter / number / "_") / "+"
 *
 * "+" is any one level; "/#" at the end is the scope and all below it; "/#" alone is any scope.
 */
import { Cursor } from './cursor.ts'

/** A disjunction of conjunctions. */
export type ScopeQuery = readonly (readonly ScopePattern[])[]

/** The levels of a scope, of which `+` is any; with `below`, what lies below counts too. */
export type ScopePattern = { readonly levels: readonly string[]; readonly below: boolean }

/** Parses a scope query; throws `BadRequestData` with the position. */
export function parseScopeQuery(text: string): ScopeQuery {
  const cursor = new Cursor('scopeQ', text)
  const alternatives = [parseAnd(cursor)]
  while (cursor.take('|') || cursor.take(',')) alternatives.push(parseAnd(cursor))
  if (!cursor.done) throw cursor.fail('"|", ",", ";" or the end')
  return alternatives
}

/** Writes a scope query so that it parses to the same tree. */
export function printScopeQuery(query: ScopeQuery): string {
  return query.map((all) => (all.length > 1 ? `(${all.map(printPattern).join(';')})` : all.map(printPattern).join(''))).join('|')
}

/** Whether an entity of these scopes matches; one without scopes matches nothing. */
export function matchesScopes(query: ScopeQuery, scopes: readonly string[] | undefined): boolean {
  const split = (scopes ?? []).map((scope) => scope.split('/').filter((level) => level !== ''))
  return query.some((all) => all.every((pattern) => split.some((levels) => matchesLevels(pattern, levels))))
}

function parseAnd(cursor: Cursor): readonly ScopePattern[] {
  const opened = cursor.take('(')
  const patterns = [parsePattern(cursor)]
  while (cursor.take(';')) patterns.push(parsePattern(cursor))
  if (opened) cursor.expect(')')
  return patterns
}

const levelPattern = /\p{L}[\p{L}\p{N}_]*|\+/uy

function parsePattern(cursor: Cursor): ScopePattern {
  const levels: string[] = []
  if (cursor.take('/#')) return { levels, below: true }
  cursor.take('/')
  do {
    if (levels.length > 0 && cursor.take('#')) return { levels, below: true }
    const level = cursor.match(levelPattern)
    if (level === undefined) throw cursor.fail('a scope level, "+" or, at the end, "#"')
    levels.push(level)
  } while (cursor.take('/'))
  return { levels, below: false }
}

function printPattern(pattern: ScopePattern): string {
  return `${pattern.levels.map((level) => `/${level}`).join('')}${pattern.below ? '/#' : ''}`
}

function matchesLevels(pattern: ScopePattern, levels: readonly string[]): boolean {
  if (levels.length === 0 || (pattern.below ? levels.length < pattern.levels.length : levels.length !== pattern.levels.length)) return false
  return pattern.levels.every((level, index) => level === '+' || level === levels[index])
}
