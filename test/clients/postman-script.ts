/**
 * What a test script of Postman says of an answer, as far as single lines in the ways scripts are commonly written tell it.
 * The script is read as text and never run: what is said in another way, or across lines, is not seen.
 */
export type Expectation = {
  /** The statuses that would do; none where the script names none. */
  readonly statuses: readonly number[]
  /** Of how many elements the body is to be. */
  readonly length: number | undefined
  /** The variable whose value the body, or its element at `index`, is to equal. */
  readonly equal: { readonly variable: string; readonly index: number | undefined } | undefined
}

/** What scripts see of a request and its answer. */
export type Exchange = { readonly body: unknown; readonly headers: Headers; readonly answered: Headers }

export function expectationOf(script: readonly string[]): Expectation {
  const lines = script.filter((line) => !line.trimStart().startsWith('//'))
  const numbers = (pattern: RegExp): readonly number[] => lines.flatMap((line) => pattern.exec(line)?.[1]?.split(',').map(Number) ?? [])
  return {
    statuses: [...numbers(/response\.to\.have\.status\((\d+)\)/), ...numbers(/response\.code\)\.to\.(?:equal|eql|be\.oneOf)\(\[?([\d, ]+)\]?\)/)],
    length: numbers(/expect\((?:jsonData|pm\.response\.json\(\))\.length\)\.to\.(?:equal|eql)\((\d+)\)/)[0],
    equal: equalOf(lines),
  }
}

/** The variables as they are after a script: what it takes from the request and from the headers of the answer. */
export function variablesAfter(script: readonly string[], exchange: Exchange, variables: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const locals = new Map<string, unknown>()
  const after = new Map(variables)
  for (const line of script) {
    const assigned = /^\s*(?:var|let|const)?\s*(\w+)\s*=\s*(.+?);?\s*$/.exec(line)
    if (assigned?.[1] !== undefined) {
      const value = valueOf(assigned[2] ?? '', exchange, locals)
      if (value !== undefined) locals.set(assigned[1], value)
    }
    const set = /(?:collectionVariables|variables|globals|environment)\.set\("([^"]+)", (.+)\);?\s*$/.exec(line)
    const value = set?.[2] === undefined ? undefined : valueOf(set[2], exchange, locals)
    if (set?.[1] !== undefined && value !== undefined) after.set(set[1], value)
  }
  return after
}

/** The value of the expressions that scripts set variables by: a text, a local variable or a path from it, a header. */
function valueOf(expression: string, { body, headers, answered }: Exchange, locals: ReadonlyMap<string, unknown>): unknown {
  if (expression === 'JSON.parse(pm.request.body.raw)') return body
  const text = /^"([^"]*)"$/.exec(expression)?.[1]
  if (text !== undefined) return text
  const header = /^pm\.(request|response)\.headers\.get\("([^"]+)"\)$/.exec(expression)
  if (header?.[2] !== undefined) return (header[1] === 'request' ? headers : answered).get(header[2]) ?? undefined
  const first = /=> \w+\.key === "([^"]+)"\)(?:\[0\]\["value"\]|\.value)$/.exec(expression)?.[1]
  if (first !== undefined) return answered.get(first) ?? undefined
  // A link without its angle brackets and what follows: `nextLink.substring(1, nextLink.length - 12)`.
  const link = /^(\w+)\.substring\(1,/.exec(expression)?.[1]
  if (link !== undefined) return /^<([^>]*)>/.exec(String(locals.get(link)))?.[1]
  const [name = '', ...path] = expression.split(/[.[\]"']+/).filter((part) => part !== '')
  return path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], locals.get(name))
}

function equalOf(lines: readonly string[]): Expectation['equal'] {
  // A script that takes members out of the answer first compares something else.
  if (lines.some((line) => line.includes('delete '))) return undefined
  const [, first] =
    lines.map((line) => /^\s*(?:var|let|const) jsonData = pm\.response\.json\(\)\[(\d+)\]/.exec(line)).find((found) => found !== null) ?? []
  const parsed = /expect\((jsonData|pm\.response\.json\(\))(?:\[(\d+)\])?\)\.to\.eql\((?:(\w+)|pm\.collectionVariables\.get\("([^"]+)"\))\)/
  for (const line of lines) {
    const found = parsed.exec(line)
    if (found === null) continue
    const [, , index = first, local, named] = found
    const of = new RegExp(`^\\s*var ${local} = pm\\.collectionVariables\\.get\\("([^"]+)"\\)`)
    const variable = named ?? lines.map((other) => of.exec(other)?.[1]).find((name) => name !== undefined)
    if (variable !== undefined) return { variable, index: index === undefined ? undefined : Number(index) }
  }
  return undefined
}
