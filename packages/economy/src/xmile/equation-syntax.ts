import { refuse } from '../refusal.ts'
import type { Token } from './equation-tokens.ts'
import { tokensOf } from './equation-tokens.ts'

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '^' | 'mod' | '<' | '<=' | '>' | '>=' | '=' | '<>' | 'and' | 'or'

/** What stands in square brackets after a name: an element, a dimension, a position, or all of them. */
export type Subscript =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'all' }

/** An equation as a tree; names are canonical. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly subscripts: readonly Subscript[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly whenTrue: Expression; readonly otherwise: Expression }

const maximumDepth = 100

/** Reads one equation. Throws a `Refusal` that says what was expected. */
export function parseEquation(equation: string): Expression {
  const list = parseEquationList(equation)
  const [only] = list
  if (only === undefined || list.length !== 1) refuse('equation', `An equation has ${list.length} parts where one is meant`)
  return only
}

/** Reads equations with commas and semicolons between them, as arrays have them. */
export function parseEquationList(equation: string): Expression[] {
  const reader = new TokenReader(tokensOf(equation))
  const list: Expression[] = []
  while (!reader.isAtEnd()) {
    list.push(disjunction(reader))
    if (reader.isAtEnd()) break
    if (!reader.takesSymbol(',') && !reader.takesSymbol(';')) refuse('equation', `An equation goes on with ${reader.show()} where it should end`)
  }
  if (list.length === 0) refuse('equation', 'An equation is empty')
  return list
}

class TokenReader {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  takesSymbol(symbol: string): boolean {
    const token = this.#tokens[this.#at]
    const taken = token?.kind === 'symbol' && token.symbol === symbol
    if (taken) this.#at += 1
    return taken
  }

  takesWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    const taken = token?.kind === 'name' && token.name === word
    if (taken) this.#at += 1
    return taken
  }

  next(): Token | undefined {
    const token = this.#tokens[this.#at]
    this.#at += 1
    return token
  }

  expectSymbol(symbol: string): void {
    if (!this.takesSymbol(symbol)) refuse('equation', `An equation has ${this.show()} where "${symbol}" is expected`)
  }

  show(): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) return 'its end'
    return token.kind === 'number' ? String(token.value) : `"${token.kind === 'name' ? token.name : token.symbol}"`
  }

  /** Runs one level deeper; equations nested beyond the limit are refused before they can exhaust the stack. */
  deeper<T>(read: () => T): T {
    this.#depth += 1
    if (this.#depth > maximumDepth) refuse('equation', `An equation is nested deeper than ${maximumDepth}`)
    const result = read()
    this.#depth -= 1
    return result
  }
}

function disjunction(reader: TokenReader): Expression {
  return reader.deeper(() => leftToRight(reader, conjunction, () => (reader.takesWord('or') ? 'or' : undefined)))
}

function conjunction(reader: TokenReader): Expression {
  return leftToRight(reader, equality, () => (reader.takesWord('and') ? 'and' : undefined))
}

function equality(reader: TokenReader): Expression {
  return leftToRight(reader, comparison, () => symbolOf(reader, ['=', '<>']))
}

function comparison(reader: TokenReader): Expression {
  return leftToRight(reader, sum, () => symbolOf(reader, ['<=', '>=', '<', '>']))
}

function sum(reader: TokenReader): Expression {
  return leftToRight(reader, term, () => symbolOf(reader, ['+', '-']))
}

function term(reader: TokenReader): Expression {
  return leftToRight(reader, signed, () => (reader.takesWord('mod') ? 'mod' : symbolOf(reader, ['*', '//', '/'])))
}

/** Signs and `not` bind weaker than powers: -2^2 is -4 (XMILE 1.0, 3.3.1). */
function signed(reader: TokenReader): Expression {
  if (reader.takesSymbol('-')) return reader.deeper(() => ({ kind: 'unary', operator: '-', operand: signed(reader) }))
  if (reader.takesSymbol('+')) return reader.deeper(() => signed(reader))
  if (reader.takesWord('not')) return reader.deeper(() => ({ kind: 'unary', operator: 'not', operand: signed(reader) }))
  return power(reader)
}

/** Powers go from right to left, and their exponent may carry a sign. */
function power(reader: TokenReader): Expression {
  const base = primary(reader)
  if (!reader.takesSymbol('^')) return base
  return reader.deeper(() => ({ kind: 'binary', operator: '^', left: base, right: signed(reader) }))
}

function primary(reader: TokenReader): Expression {
  if (reader.takesSymbol('(')) {
    const inside = disjunction(reader)
    reader.expectSymbol(')')
    return inside
  }
  const shown = reader.show()
  const token = reader.next()
  if (token?.kind === 'number') return { kind: 'number', value: token.value }
  if (token?.kind !== 'name' || reserved.has(token.name)) return refuse('equation', `An equation has ${shown} where a value is expected`)
  if (token.name === 'if') return conditional(reader)
  if (reader.takesSymbol('(')) return { kind: 'call', name: token.name, parameters: listUntil(reader, ')', disjunction) }
  return { kind: 'name', name: token.name, subscripts: reader.takesSymbol('[') ? listUntil(reader, ']', subscript) : [] }
}

const reserved = new Set(['and', 'or', 'not', 'mod', 'then', 'else'])

function conditional(reader: TokenReader): Expression {
  const expectWord = (word: string): void => {
    if (!reader.takesWord(word)) refuse('equation', `An equation has ${reader.show()} where ${word.toUpperCase()} is expected`)
  }
  const condition = disjunction(reader)
  expectWord('then')
  const whenTrue = disjunction(reader)
  expectWord('else')
  return { kind: 'if', condition, whenTrue, otherwise: disjunction(reader) }
}

function subscript(reader: TokenReader): Subscript {
  if (reader.takesSymbol('*')) return { kind: 'all' }
  const shown = reader.show()
  const token = reader.next()
  if (token?.kind === 'name') return { kind: 'name', name: token.name }
  if (token?.kind === 'number' && Number.isInteger(token.value)) return { kind: 'position', position: token.value }
  return refuse('equation', `A subscript has ${shown} where an element, a dimension or * is expected`)
}

function listUntil<T>(reader: TokenReader, end: string, read: (reader: TokenReader) => T): T[] {
  const list: T[] = []
  if (reader.takesSymbol(end)) return list
  for (;;) {
    list.push(read(reader))
    if (reader.takesSymbol(end)) return list
    reader.expectSymbol(',')
  }
}

function leftToRight(reader: TokenReader, read: (reader: TokenReader) => Expression, operator: () => BinaryOperator | undefined): Expression {
  let left = read(reader)
  let length = 0
  for (let found = operator(); found !== undefined; found = operator()) {
    length += 1
    if (length > maximumChain) refuse('equation', `An equation chains more than ${maximumChain} operators`)
    left = { kind: 'binary', operator: found, left, right: read(reader) }
  }
  return left
}

/** A chain nests as deep as it is long once it is a tree. */
const maximumChain = 500

function symbolOf<T extends BinaryOperator>(reader: TokenReader, symbols: readonly T[]): T | undefined {
  return symbols.find((symbol) => reader.takesSymbol(symbol))
}
