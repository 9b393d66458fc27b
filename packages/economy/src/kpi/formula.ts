import { refuse } from '../refusal.ts'

/** Functions over all rows of a series in a period; `weightedMean` pairs the rows of two series by their key. */
export const aggregates = ['sum', 'mean', 'median', 'min', 'max', 'count'] as const
export type Aggregate = (typeof aggregates)[number]

/** A parsed formula. `series` stands for the only row of a series in the period. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'series'; readonly name: string }
  | { readonly kind: 'aggregate'; readonly fn: Aggregate; readonly name: string }
  | { readonly kind: 'weightedMean'; readonly name: string; readonly weight: string }
  | { readonly kind: 'negate'; readonly of: Formula }
  | { readonly kind: 'binary'; readonly operator: '+' | '-' | '*' | '/' | '^'; readonly left: Formula; readonly right: Formula }

/**
 * Parses a formula: numbers, series names, + − * / ^, parentheses, and the aggregates. Evaluated as a tree, never as code. Throws a `Refusal` that
 * names the position.
 */
export function parseFormula(text: string): Formula {
  if (text.length > 1000) refuse('formula', `the formula has ${text.length} characters; at most 1000 are read`)
  const tokens = tokensOf(text)
  const reader = { text, tokens, at: 0, depth: 0 }
  const formula = readSum(reader)
  const rest = reader.tokens[reader.at]
  return rest === undefined ? formula : refuse('formula', `${text}: ${rest.text} at ${rest.at + 1} is one too many`)
}

/** Names of the series that a formula reads, each once. */
export function seriesOf(formula: Formula): string[] {
  switch (formula.kind) {
    case 'number':
      return []
    case 'series':
    case 'aggregate':
      return [formula.name]
    case 'weightedMean':
      return [...new Set([formula.name, formula.weight])]
    case 'negate':
      return seriesOf(formula.of)
    case 'binary':
      return [...new Set([...seriesOf(formula.left), ...seriesOf(formula.right)])]
  }
}

interface Token {
  readonly text: string
  readonly at: number
}

interface Reader {
  readonly text: string
  readonly tokens: readonly Token[]
  at: number
  depth: number
}

function tokensOf(text: string): Token[] {
  const pattern = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|[-+*/^(),]))/y
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return refuse('formula', `${text}: nothing can be read at ${at + 1}`)
    at = pattern.lastIndex
    tokens.push({ text: match[1]!, at: at - match[1]!.length })
  }
  return tokens
}

function readSum(reader: Reader): Formula {
  reader.depth += 1
  if (reader.depth > 50) refuse('formula', `${reader.text}: it is nested more than 50 deep`)
  let left = readProduct(reader)
  for (let operator = take(reader, '+', '-'); operator !== undefined; operator = take(reader, '+', '-')) {
    left = { kind: 'binary', operator, left, right: readProduct(reader) }
  }
  reader.depth -= 1
  return left
}

function readProduct(reader: Reader): Formula {
  let left = readUnary(reader)
  for (let operator = take(reader, '*', '/'); operator !== undefined; operator = take(reader, '*', '/')) {
    left = { kind: 'binary', operator, left, right: readUnary(reader) }
  }
  return left
}

function readUnary(reader: Reader): Formula {
  reader.depth += 1
  if (reader.depth > 50) refuse('formula', `${reader.text}: it is nested more than 50 deep`)
  const formula: Formula = take(reader, '-') === undefined ? readPower(reader) : { kind: 'negate', of: readUnary(reader) }
  reader.depth -= 1
  return formula
}

function readPower(reader: Reader): Formula {
  const base = readPrimary(reader)
  return take(reader, '^') === undefined ? base : { kind: 'binary', operator: '^', left: base, right: readUnary(reader) }
}

function readPrimary(reader: Reader): Formula {
  const token = reader.tokens[reader.at]
  if (token === undefined) return refuse('formula', `${reader.text}: it ends too early`)
  reader.at += 1
  if (/^\d/.test(token.text)) return { kind: 'number', value: Number(token.text) }
  if (token.text === '(') {
    const inner = readSum(reader)
    expect(reader, ')')
    return inner
  }
  if (!/^[A-Za-z_]/.test(token.text)) return refuse('formula', `${reader.text}: ${token.text} at ${token.at + 1} has nothing before it`)
  return take(reader, '(') === undefined ? { kind: 'series', name: token.text } : readCall(reader, token)
}

function readCall(reader: Reader, called: Token): Formula {
  const name = readName(reader)
  if (called.text === 'weightedMean') {
    expect(reader, ',')
    const weight = readName(reader)
    expect(reader, ')')
    return { kind: 'weightedMean', name, weight }
  }
  const fn = aggregates.find((known) => known === called.text)
  if (fn === undefined) return refuse('formula', `${reader.text}: there is no function ${called.text}`)
  expect(reader, ')')
  return { kind: 'aggregate', fn, name }
}

function readName(reader: Reader): string {
  const token = reader.tokens[reader.at]
  if (token === undefined || !/^[A-Za-z_]/.test(token.text)) return refuse('formula', `${reader.text}: the name of a series is missing`)
  reader.at += 1
  return token.text
}

function take<T extends string>(reader: Reader, ...wanted: readonly T[]): T | undefined {
  const found = wanted.find((text) => text === reader.tokens[reader.at]?.text)
  if (found !== undefined) reader.at += 1
  return found
}

function expect(reader: Reader, wanted: string): void {
  if (take(reader, wanted) === undefined) refuse('formula', `${reader.text}: ${wanted} is missing`)
}
