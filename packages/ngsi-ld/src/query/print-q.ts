import type { Q, QLink, QOperand, QPath, QValue } from './q.ts'

/** Writes a query so that `parseQ` reads the same tree again, given the same expansions. */
export function printQ(q: Q): string {
  switch (q.kind) {
    case 'or':
      return q.terms.map((term) => (term.kind === 'or' ? `(${printQ(term)})` : printQ(term))).join('|')
    case 'and':
      return q.terms.map((term) => (term.kind === 'or' || term.kind === 'and' ? `(${printQ(term)})` : printQ(term))).join(';')
    case 'exists':
      return `${q.negated ? '!' : ''}${printQPath(q.path)}`
    case 'compare':
      return `${printQPath(q.path)}${q.op}${printOperand(q.operand)}`
    case 'pattern':
      return `${printQPath(q.path)}${q.negated ? '!~=' : '~='}"${quotesEscaped(q.pattern)}"`
  }
}

/** Writes a path as it stands in `q` and `orderBy`. */
export function printQPath(path: QPath): string {
  const members = path.members === undefined ? '' : `[${path.members.map((member) => member.written).join('.')}]`
  const inner = `${path.names.map((name) => name.written).join('.')}${members}`
  return path.links.reduceRight((rest, link) => `${link.name.written}{${hint(link)}${rest}}`, inner)
}

function hint(link: QLink): string {
  return link.types.length === 0 ? '' : `${link.types.map((type) => type.written).join(',')}:`
}

function printOperand(operand: QOperand): string {
  switch (operand.kind) {
    case 'single':
      return printValue(operand.value)
    case 'list':
      return operand.values.map(printValue).join(',')
    case 'range':
      return `${printValue(operand.from)}..${printValue(operand.to)}`
  }
}

function printValue(value: QValue): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value)
    case 'number':
    case 'boolean':
      return String(value.value)
    case 'word':
      return value.value
    case 'dateTime':
    case 'date':
    case 'time':
      return value.text
  }
}

/** A quote that is not already escaped gets a backslash, which RE2 reads as the same quote. */
function quotesEscaped(pattern: string): string {
  return pattern.replaceAll(/\\[^]|"/g, (found) => (found === '"' ? '\\"' : found))
}
