import { RE2JS } from 're2js'
import { NgsiLdError, badRequest } from '../errors.ts'

/** The longest pattern, in characters, and the largest program, in RE2 instructions, that a caller may send. */
export const patternLimits = Object.freeze({ length: 1024, programSize: 2000 })

/**
 * Compiles a caller's regular expression in RE2 syntax, whose matching time is linear in the text.
 * Throws `BadRequestData` where it is none, `TooComplexQuery` over the limits.
 */
export function compilePattern(what: string, pattern: string): RE2JS {
  if (pattern.length > patternLimits.length)
    throw new NgsiLdError('TooComplexQuery', `${what} must be at most ${patternLimits.length} characters, not ${pattern.length}`)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(pattern)
  } catch (cause) {
    throw badRequest(`${what} must be a regular expression in RE2 syntax, not ${JSON.stringify(pattern)}: ${(cause as Error).message}`, cause)
  }
  const size = compiled.programSize()
  if (size > patternLimits.programSize)
    throw new NgsiLdError('TooComplexQuery', `${what} must compile to at most ${patternLimits.programSize} instructions, not ${size}`)
  return compiled
}

/** Compiled patterns by the tree node that holds them; they live as long as the node does. */
const compiledOf = new WeakMap<object, RE2JS>()

/** Whether any part of `text` matches the pattern of `node`, as POSIX searches do: a pattern that means the whole is anchored. */
export function searches(node: { readonly pattern: string }, text: string): boolean {
  let compiled = compiledOf.get(node)
  if (compiled === undefined) {
    compiled = compilePattern('pattern', node.pattern)
    compiledOf.set(node, compiled)
  }
  return compiled.test(text)
}
