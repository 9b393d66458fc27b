import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Attribute, Instant, Json } from '@cityloop/ngsi-ld'
import { expandTerm } from '../expand-term.ts'
import type { AttributeRule, Condition, Template, ValueType } from '../mapping-language/mapping.ts'
import { compileOperand } from './compute.ts'
import { cellText, isEmpty, readCell } from './read-value.ts'
import { timeReader } from './read-time.ts'
import type { LocalTimeRule } from './read-time.ts'
import { resolve } from './row-context.ts'
import type { ColumnScope, ColumnSource, RowContext } from './row-context.ts'
import { shown, Unreadable } from './unreadable.ts'

/** What a mapping's rules are compiled against. */
export type CompileScope = ColumnScope & { readonly empty: ReadonlySet<string>; readonly times: LocalTimeRule }

/** An attribute of a row, without its time; `undefined` where the row has none. Throws `Unreadable`. */
export type AttributeReader = {
  readonly name: string
  readonly isObserved: boolean
  /** Whether a value here says that the row observed something; the row's own time says nothing. */
  readonly isEvidence: boolean
  read(context: RowContext): Attribute | undefined
}

export function compileAttribute(scope: CompileScope, rule: AttributeRule): AttributeReader {
  const holds = compileConditions(scope, rule.when)
  const readValue = compileValue(scope, rule)
  const fixed = {
    kind: rule.kind,
    ...(rule.unitCode !== undefined && { unitCode: rule.unitCode }),
    ...(rule.datasetId !== undefined && { datasetId: rule.datasetId }),
  }
  return {
    name: expandTerm(rule.name),
    isObserved: rule.isObserved,
    isEvidence: rule.isObserved && rule.source.kind !== 'constant' && !(rule.source.kind === 'column' && rule.source.column.text === 'time'),
    read(context) {
      if (!holds(context)) return undefined
      try {
        const value = readValue(context)
        return value === undefined ? undefined : { ...fixed, value: checkKind(rule, value) }
      } catch (error) {
        throw error instanceof Unreadable ? new Unreadable(`${rule.name}: ${error.message}`) : error
      }
    },
  }
}

/** Makes the function that says whether all conditions hold for a row. */
export function compileConditions(scope: CompileScope, conditions: readonly Condition[]): (context: RowContext) => boolean {
  const compiled = conditions.map(({ column, is, not }) => ({ source: resolve(scope, column), is: is && new Set(is), not: not && new Set(not) }))
  return (context) =>
    compiled.every(({ source, is, not }) => {
      const text = cellText(source.get(context))
      return (is === undefined || is.has(text)) && (not === undefined || !not.has(text))
    })
}

/** Makes the function that fills in a template; `undefined` where a column in it is empty. `write` shapes what is filled in. */
export function compileTemplate(
  scope: CompileScope,
  template: Template,
  write: (text: string) => string = (text) => text,
): (context: RowContext) => string | undefined {
  const parts = template.parts.map((part) => (typeof part === 'string' ? part : resolve(scope, part)))
  return (context) => {
    let text = ''
    for (const part of parts) {
      if (typeof part === 'string') text += part
      else {
        const cell = part.get(context)
        if (isEmpty(cell, scope.empty)) return undefined
        text += write(cellText(cell))
      }
    }
    return text
  }
}

function compileValue(scope: CompileScope, rule: AttributeRule): (context: RowContext) => Json | undefined {
  const { source } = rule
  switch (source.kind) {
    case 'constant':
      return () => source.value
    case 'computed': {
      const compute = compileOperand(scope, source.computation, scope.empty)
      if (rule.as !== 'integer') return compute
      return (context) => asWhole(compute(context))
    }
    case 'languages': {
      const columns = source.languages.map(([tag, reference]) => [tag, resolve(scope, reference)] as const)
      return (context) => languageMap(scope, columns, context)
    }
    case 'template': {
      const fill = compileTemplate(scope, source.template)
      const read = compileCell(scope, rule)
      return (context) => {
        const text = fill(context)
        return text === undefined ? undefined : read(text, rule.as === 'decided' ? 'text' : rule.as, () => ({ type: 'text', decimalMark: 'point' }))
      }
    }
    case 'column': {
      const column = resolve(scope, source.column)
      const read = compileCell(scope, rule)
      return (context) => {
        const cell = column.get(context)
        return isEmpty(cell, scope.empty) ? undefined : read(cell, rule.as, () => column.decision(context))
      }
    }
  }
}

type DecisionOf = () => ReturnType<ColumnSource['decision']>

function compileCell(scope: CompileScope, rule: AttributeRule): (cell: Json, as: ValueType, decision: DecisionOf) => Json {
  const readTime: (text: string) => Instant = timeReader(scope.times, rule.format)
  return (cell, as, decision) => {
    if (rule.map === undefined) return readCell(cell, as, decision(), readTime)
    const mapped = rule.map.get(cellText(cell))
    if (mapped === undefined) throw new Unreadable(`${shown(cell)} is none of ${[...rule.map.keys()].slice(0, 20).join(', ')}`)
    return mapped
  }
}

function asWhole(value: number | undefined): number | undefined {
  if (value !== undefined && !Number.isInteger(value)) throw new Unreadable(`${value} is not a whole number`)
  return value
}

function languageMap(scope: CompileScope, columns: readonly (readonly [string, ColumnSource])[], context: RowContext): Json | undefined {
  const texts = columns.flatMap(([tag, column]) => {
    const cell = column.get(context)
    return isEmpty(cell, scope.empty) ? [] : [[tag, cellText(cell)] as const]
  })
  return texts.length === 0 ? undefined : Object.fromEntries(texts)
}

function checkKind({ kind }: AttributeRule, value: Json): Json {
  switch (kind) {
    case 'Relationship':
      if (typeof value !== 'string' || !URL.canParse(value)) throw new Unreadable(`${shown(value)} is not a URI`)
      return value
    case 'GeoProperty':
      if (!isJsonObject(value) || typeof value['type'] !== 'string') throw new Unreadable(`${shown(value)} is not a GeoJSON geometry`)
      return value
    case 'VocabProperty':
      if (typeof value !== 'string') throw new Unreadable(`${shown(value)} is not a name`)
      return expandTerm(value)
    case 'LanguageProperty':
      if (!isJsonObject(value)) throw new Unreadable(`${shown(value)} is not a language map`)
      return value
    case 'Property':
      if (value === null) throw new Unreadable('null is not a value')
      return value
    case 'JsonProperty':
      return value
  }
}
