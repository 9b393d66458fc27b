import { refuse } from '../refusal.ts'

export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'symbol'; readonly symbol: string }

const maximumTokens = 20_000
const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const namePattern = /[\p{L}_$][\p{L}\p{M}\p{N}_$.]*/uy
const symbolPattern = /<>|<=|>=|\/\/|[-+*/^(),;[\]<>=:]/y
const blankPattern = /(?:\s|\{[^}]*\})+/y

/**
 * Cuts an equation into tokens (XMILE 1.0, 3.1 and 3.2): numbers, names, quoted names, symbols; comments stand in braces.
 * Throws a `Refusal` that shows where the text stops making sense.
 */
export function tokensOf(equation: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(equation)?.[0]
    at += found?.length ?? 0
    return found
  }
  while (at < equation.length) {
    if (match(blankPattern) !== undefined) continue
    if (tokens.length >= maximumTokens) refuse('equation', `An equation has more than ${maximumTokens} words and signs`)
    const digits = match(numberPattern)
    if (digits !== undefined) {
      const value = Number(digits)
      if (!Number.isFinite(value)) refuse('equation', `The number ${digits} is too large`)
      tokens.push({ kind: 'number', value })
      continue
    }
    const word = match(namePattern)
    if (word !== undefined) {
      tokens.push({ kind: 'name', name: canonicalName(word) })
      continue
    }
    if (equation[at] === '"') {
      const end = closingQuote(equation, at)
      tokens.push({ kind: 'name', name: canonicalName(equation.slice(at, end + 1)) })
      at = end + 1
      continue
    }
    const symbol = match(symbolPattern)
    if (symbol === undefined) refuse('equation', `An equation stops making sense at "${equation.slice(at, at + 20)}"`)
    tokens.push({ kind: 'symbol', symbol })
  }
  return tokens
}

/** Names are the same whatever their case, their quotes, and the kind and number of blanks and underscores between words (XMILE 1.0, 3.1.1). */
export function canonicalName(name: string): string {
  const bare = name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name
  return bare
    .replace(/\\n|\\r/g, '_')
    .replace(/\\(["\\])/g, '$1')
    .trim()
    .replace(/[\s_\u00a0]+/g, '_')
    .toLowerCase()
}

function closingQuote(equation: string, start: number): number {
  for (let i = start + 1; i < equation.length; i++) {
    if (equation[i] === '\\') i += 1
    else if (equation[i] === '"') return i
  }
  return refuse('equation', `A quoted name is not closed: ${equation.slice(start, start + 20)}`)
}
