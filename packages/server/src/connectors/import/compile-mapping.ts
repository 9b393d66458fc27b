import type { Attribute, Attributes, Instant } from '@cityloop/ngsi-ld'
import { openZone } from '#runtime/civil-time.ts'
import { expandTerm } from '../expand-term.ts'
import { ImportRefusal } from '../import-refusal.ts'
import type { EntityRule, Mapping, Source } from '../mapping-language/mapping.ts'
import type { Table, TableRow } from '../tables/table.ts'
import { compileAttribute, compileConditions, compileTemplate } from './compile-attribute.ts'
import type { CompileScope } from './compile-attribute.ts'
import { compileLocation } from './compile-location.ts'
import type { JoinedTable } from './open-joins.ts'
import { cellText } from './read-value.ts'
import { timeReader } from './read-time.ts'
import type { RowContext } from './row-context.ts'
import { slug } from './slug.ts'
import { shown, Unreadable } from './unreadable.ts'
import { findWideColumns } from './wide-columns.ts'

/** What a row says of one entity: what it is as such, and what was observed of it at a time. */
export type Observation = {
  readonly id: string
  readonly types: readonly string[]
  readonly at: Instant | undefined
  readonly lasting: Attributes
  readonly observed: Attributes
}

/** What became of one row: `skipped` by a filter; `rejected` with the reason, and then nothing of it counts; `invalid` counts its wide cells that are none. */
export type MappedRow =
  | { readonly kind: 'mapped'; readonly observations: readonly Observation[]; readonly invalid: number }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'rejected'; readonly reason: string }

/** Compiles a mapping against a table and the tables joined to it. Throws `ImportRefusal` where it names a column that is not there. */
export function compileMapping(mapping: Mapping, table: Table, joins: readonly JoinedTable[]): (row: TableRow) => MappedRow {
  const zone = mapping.zone === undefined ? undefined : openZone(mapping.zone)
  if (mapping.table.format !== table.format) throw new ImportRefusal(`${mapping.file} is for ${mapping.table.format}, not for ${table.format}`)
  const wide = findWideColumns(mapping, table)
  const scope: CompileScope = {
    mappingFile: mapping.file,
    path: table.path,
    columns: table.columns,
    decisions: table.decisions,
    joins,
    wide,
    empty: new Set(mapping.table.empty),
    times: { zone, ambiguous: mapping.ambiguous, missing: mapping.missing },
  }
  const passes = compileConditions(scope, mapping.where)
  const lookups = joins.map((join) => compileLookup(scope, join))
  const entities = mapping.entities.map((rule) => compileEntity(scope, rule, mapping.source))
  const context: RowContext = { row: 0, cells: [], joined: [], wideIndex: 0, time: undefined }

  return (row) => {
    if (row.kind === 'broken') return { kind: 'rejected', reason: row.reason }
    context.row = row.row
    context.cells = row.cells
    context.wideIndex = 0
    context.time = undefined
    try {
      const observations: Observation[] = []
      let invalid = 0
      let skipped = 0
      const places = wide?.columns.length ?? 1
      for (let index = 0; index < places; index += 1) {
        context.wideIndex = index
        const validity = wide?.columns[index]?.validity
        if (validity !== undefined && wide?.valid.has(cellText(row.cells[validity] ?? null)) === false) {
          invalid += 1
          continue
        }
        context.joined = []
        for (const lookup of lookups) context.joined.push(lookup(context))
        if (!passes(context)) {
          skipped += 1
          continue
        }
        for (const read of entities) {
          const observation = read(context)
          if (observation !== undefined) observations.push(observation)
        }
      }
      return skipped === places ? { kind: 'skipped' } : { kind: 'mapped', observations, invalid }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      const where = wide === undefined ? '' : `${wide.columns[context.wideIndex]?.name ?? ''}: `
      return { kind: 'rejected', reason: where + error.message }
    }
  }
}

function compileLookup(scope: CompileScope, { name, rule, rows, path }: JoinedTable): (context: RowContext) => RowContext['joined'][number] {
  const fill = compileTemplate(scope, rule.on)
  return (context) => {
    const key = fill(context)
    const found = key === undefined ? undefined : rows.get(key)
    if (found === undefined && rule.required) throw new Unreadable(`${path} has no row of ${name} with ${rule.key} ${shown(key)}`)
    return found
  }
}

function compileEntity(scope: CompileScope, rule: EntityRule, source: Source): (context: RowContext) => Observation | undefined {
  const types = rule.types.map(expandTerm)
  const holds = compileConditions(scope, rule.when)
  const fillId = compileTemplate(scope, rule.id, slug)
  const fillTime = rule.time === undefined ? undefined : compileTemplate(scope, rule.time.from)
  const readTime = timeReader(scope.times, rule.time?.format)
  const readLocation = rule.location === undefined ? undefined : compileLocation(scope, rule.location)
  const attributes = rule.attributes.map((attribute) => compileAttribute(scope, attribute))
  const needsEvidence = fillTime !== undefined && attributes.some(({ isEvidence }) => isEvidence)
  const location = expandTerm('location')
  const ofSource = sourceAttributes(source)
  const checkId = idChecker(compileTemplate(scope, rule.id))

  return (context) => {
    if (!holds(context)) return undefined
    context.time = undefined
    if (fillTime !== undefined) {
      const text = fillTime(context)
      if (text === undefined) throw new Unreadable(`time: ${rule.time?.from.text ?? ''} has no value`)
      context.time = readTime(text)
    }
    const id = fillId(context)
    if (id === undefined || !URL.canParse(id) || id.endsWith(':')) throw new Unreadable(`id: ${rule.id.text} has no value`)
    checkId(id, context)
    const lasting: Record<string, readonly Attribute[]> = { ...ofSource }
    const observed: Record<string, readonly Attribute[]> = {}
    let hasEvidence = !needsEvidence
    for (const reader of attributes) {
      const attribute = reader.read(context)
      if (attribute === undefined) continue
      if (reader.isEvidence) hasEvidence = true
      const isObserved = reader.isObserved && context.time !== undefined
      add(isObserved ? observed : lasting, reader.name, isObserved ? { ...attribute, observedAt: context.time } : attribute)
    }
    if (!hasEvidence) return undefined
    const geometry = readLocation?.(context)
    if (geometry !== undefined) lasting[location] = [{ kind: 'GeoProperty', value: geometry }]
    return { id, types, at: context.time, lasting, observed }
  }
}

/** Makes the check that two different texts did not become one id; it remembers the first 100,000 ids. */
function idChecker(fillPlain: (context: RowContext) => string | undefined): (id: string, context: RowContext) => void {
  const plainOf = new Map<string, string>()
  return (id, context) => {
    const plain = fillPlain(context) ?? ''
    const known = plainOf.get(id)
    if (known === undefined) {
      if (plainOf.size < 100_000) plainOf.set(id, plain)
    } else if (known !== plain) throw new Unreadable(`id: ${id} stands for both ${shown(known)} and ${shown(plain)}`)
  }
}

/** Adds an instance; one of the same dataset id is replaced. */
function add(attributes: Record<string, readonly Attribute[]>, name: string, instance: Attribute): void {
  const others = (attributes[name] ?? []).filter(({ datasetId }) => datasetId !== instance.datasetId)
  attributes[name] = [...others, instance]
}

function sourceAttributes({ attribution, license, url }: Source): Attributes {
  return {
    [expandTerm('dataProvider')]: [{ kind: 'Property', value: attribution }],
    [expandTerm('license')]: [{ kind: 'Property', value: license }],
    ...(url !== undefined && { [expandTerm('source')]: [{ kind: 'Property', value: url }] }),
  }
}
