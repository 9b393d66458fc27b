import { NgsiLdError } from '../errors.ts'
import { Cursor } from './cursor.ts'
import { type Expand, type Name, toName } from './name.ts'
import { parseQOperand } from './parse-q-operand.ts'
import { type Parsing, count } from './parsing.ts'
import { compilePattern } from './pattern.ts'
import { type Q, type QLink, type QOperator, type QPath, qLimits } from './q.ts'

/**
 * Parses `q` (CIM 009, 4.9; the grammar is in `q.ts`). Names are expanded by `expand`; so are the values of the attributes whose written names are in
 * `expandValues`. Throws `BadRequestData`, naming place and expectation, and `TooComplexQuery` over `qLimits`.
 */
export function parseQ(text: string, expand: Expand, options: QOptions = {}): Q {
  const what = options.what ?? 'q'
  const plain = options.isDocument === true ? percentDecoded(text) : text
  const parsing: Parsing = { cursor: new Cursor(what, plain), what, expand, expandValues: new Set(options.expandValues), nodes: 0, depth: 0 }
  const query = parseOr(parsing)
  if (!parsing.cursor.done) throw parsing.cursor.fail('";", "|" or the end')
  return query
}

export type QOptions = {
  readonly expandValues?: readonly string[]
  /** The parameter's name in errors; `q` where absent. */
  readonly what?: string
  /** The text is from a document, such as a subscription: some clients, and the standard's test suite, percent-encode it there too. */
  readonly isDocument?: boolean
}

/** Parses one attribute path, as `q` and `orderBy` have them; `what` names the parameter in errors. */
export function parseQPath(text: string, expand: Expand, what: string): QPath {
  const parsing: Parsing = { cursor: new Cursor(what, text), what, expand, expandValues: new Set(), nodes: 0, depth: 0 }
  const path = parsePath(parsing)
  if (!parsing.cursor.done) throw parsing.cursor.fail('the end of an attribute path')
  return path
}

/** Decodes what is percent-encoded UTF-8 and leaves any other text as it is. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}

const namePattern = /\p{L}[\p{L}\p{N}_]*/uy
const memberPattern = /[\p{L}_][\p{L}\p{N}_-]*/uy
const operators: readonly QOperator[] = ['==', '!=', '>=', '>', '<=', '<']

function parseOr(parsing: Parsing): Q {
  return combined(parsing, 'or', '|', parseAnd)
}

function parseAnd(parsing: Parsing): Q {
  return combined(parsing, 'and', ';', parseTerm)
}

function combined(parsing: Parsing, kind: 'and' | 'or', separator: string, parsePart: (parsing: Parsing) => Q): Q {
  const first = parsePart(parsing)
  if (!parsing.cursor.startsWith(separator)) return first
  count(parsing)
  const terms = [first]
  while (parsing.cursor.take(separator)) terms.push(parsePart(parsing))
  return { kind, terms }
}

function parseTerm(parsing: Parsing): Q {
  const { cursor } = parsing
  if (cursor.take('(')) {
    const group = deeper(parsing, () => parseOr(parsing))
    cursor.expect(')')
    return group
  }
  count(parsing)
  if (cursor.peek() === '!') {
    cursor.take('!')
    return { kind: 'exists', path: parsePath(parsing), negated: true }
  }
  const path = parsePath(parsing)
  if (cursor.take('!~=')) return { kind: 'pattern', path, negated: true, pattern: parsePattern(parsing) }
  if (cursor.take('~=')) return { kind: 'pattern', path, negated: false, pattern: parsePattern(parsing) }
  const op = operators.find((operator) => cursor.take(operator))
  if (op === undefined) return { kind: 'exists', path, negated: false }
  const target = path.names.at(-1)
  const expandValue = target !== undefined && parsing.expandValues.has(target.written)
  return { kind: 'compare', path, op, operand: parseQOperand(parsing, op, expandValue) }
}

function deeper<T>(parsing: Parsing, parse: () => T): T {
  parsing.depth += 1
  if (parsing.depth > qLimits.depth) throw new NgsiLdError('TooComplexQuery', `${parsing.what} must be nested at most ${qLimits.depth} deep`)
  const parsed = parse()
  parsing.depth -= 1
  return parsed
}

function parsePath(parsing: Parsing): QPath {
  const { cursor } = parsing
  const links: QLink[] = []
  const first = parseName(parsing)
  if (cursor.take('{')) {
    const types = parseTypeHints(parsing)
    const rest = deeper(parsing, () => parsePath(parsing))
    cursor.expect('}')
    links.push({ name: first, types })
    return { ...rest, links: [...links, ...rest.links] }
  }
  const names = [first]
  while (cursor.take('.')) names.push(parseName(parsing))
  if (!cursor.take('[')) return { links, names }
  const members = parseMembers(parsing)
  cursor.expect(']')
  return { links, names, members }
}

function parseName(parsing: Parsing): Name {
  count(parsing)
  const written = parsing.cursor.match(namePattern)
  if (written === undefined) throw parsing.cursor.fail('an attribute name')
  return toName(written, parsing.expand)
}

function parseTypeHints(parsing: Parsing): readonly Name[] {
  const { cursor } = parsing
  const start = cursor.at
  const types: string[] = []
  do {
    const type = cursor.match(namePattern)
    if (type === undefined) break
    types.push(type)
  } while (cursor.take(','))
  if (!cursor.take(':')) {
    cursor.rewind(start)
    return []
  }
  return types.map((type) => {
    count(parsing)
    return toName(type, parsing.expand)
  })
}

function parseMembers(parsing: Parsing): readonly Name[] {
  const { cursor } = parsing
  if (cursor.take('*')) return [{ written: '*', expanded: '*' }]
  const members: Name[] = []
  do {
    count(parsing)
    const written = cursor.match(memberPattern)
    if (written === undefined) throw cursor.fail('the name of a member, a language or "*"')
    members.push(toName(written, parsing.expand))
  } while (cursor.take('.'))
  return members
}

const quotedPattern = /"(?:[^"\\]|\\[^])*"/y

function parsePattern(parsing: Parsing): string {
  const { cursor } = parsing
  const start = cursor.at
  const quoted = cursor.match(quotedPattern)
  const pattern = quoted === undefined ? parseBarePattern(cursor) : quoted.slice(1, -1)
  if (quoted === undefined && pattern === '') throw cursor.fail('a regular expression', start)
  compilePattern(`The pattern of ${parsing.what} at position ${start + 1}`, pattern)
  return pattern
}

function parseBarePattern(cursor: Cursor): string {
  const start = cursor.at
  let open = 0
  while (!cursor.done) {
    if (cursor.match(/\\[^]|\[(?:\\[^]|[^\]\\"])*\]/y) !== undefined) continue
    const next = cursor.peek()
    if (open === 0 && (next === ';' || next === '|' || next === ')')) break
    if (next === '"') throw cursor.fail('a regular expression')
    if (next === '(') open += 1
    if (next === ')') open -= 1
    cursor.take(next)
  }
  return cursor.textFrom(start)
}
