import { isJsonObject } from '@cityloop/ngsi-ld'
import type { Json, JsonObject } from '@cityloop/ngsi-ld'
import { ImportRefusal } from '../import-refusal.ts'
import { readText } from './byte-source.ts'
import type { FileSurvey } from './byte-source.ts'
import { openColumnProfile } from './column-profile.ts'
import type { ColumnDecision } from './column-profile.ts'
import type { Table, TableOptions, TableRow } from './table.ts'

/** The column that holds a GeoJSON feature's geometry. */
export const geometryColumn = 'geometry'

/**
 * Opens a JSON or GeoJSON file, which is held in memory whole (up to 256 MiB of text). Members of nested objects become columns named with dots;
 * a GeoJSON feature's properties are its columns, with its `id` and `geometry`.
 */
export async function openJsonTable(path: string, survey: FileSurvey, options: TableOptions): Promise<Table> {
  if (survey.textBytes > maxTextBytes) throw new ImportRefusal(`${path} has ${survey.textBytes} bytes of JSON, more than ${maxTextBytes}`)
  const document = await parseFile(path, survey, options)
  const items = options.format === 'geojson' ? featuresOf(path, document) : listOf(path, document, options.rowsAt)
  const flat = items.map((item) => (options.format === 'geojson' ? flattenFeature(item) : flatten(item)))
  const columns = [...new Set(flat.flatMap((row) => (row === undefined ? [] : [...row.keys()])))]
  const rows = flat.map((row, index): TableRow => {
    if (row === undefined) return { kind: 'broken', row: index + 1, cells: [], reason: brokenReason(options) }
    return { kind: 'row', row: index + 1, cells: columns.map((column) => row.get(column) ?? null) }
  })
  return {
    path,
    format: options.format,
    sha256: survey.sha256,
    bytes: survey.bytes,
    columns,
    decisions: columns.map((name, index) => decide(path, name, index, rows, options)),
    rowCount: rows.length,
    // oxlint-disable-next-line typescript/require-await -- the rows are in memory; the table's contract is asynchronous
    rows: async function* (onBytes) {
      yield* rows
      onBytes?.(survey.bytes)
    },
  }
}

const maxTextBytes = 256 * 1024 * 1024
const maxDepth = 8

async function parseFile(path: string, survey: FileSurvey, options: TableOptions): Promise<Json> {
  const parts: string[] = []
  for await (const part of readText(path, survey, options.encoding ?? survey.encoding)) parts.push(part)
  try {
    return JSON.parse(parts.join('')) as Json
  } catch (error) {
    throw new ImportRefusal(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function featuresOf(path: string, document: Json): readonly Json[] {
  if (!isJsonObject(document)) throw new ImportRefusal(`${path} is not GeoJSON: it holds no object`)
  if (document['type'] === 'Feature') return [document]
  const features = document['features']
  if (document['type'] !== 'FeatureCollection' || !Array.isArray(features)) throw new ImportRefusal(`${path} is not a GeoJSON FeatureCollection`)
  return features as readonly Json[]
}

/** The list of rows: where `rowsAt` leads, or the document itself, or its only list. */
function listOf(path: string, document: Json, rowsAt: readonly string[] | undefined): readonly Json[] {
  if (rowsAt !== undefined) {
    let found: Json | undefined = document
    for (const name of rowsAt) found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
    if (!Array.isArray(found)) throw new ImportRefusal(`${path} has no list at ${rowsAt.join('.')}`)
    return found as readonly Json[]
  }
  if (Array.isArray(document)) return document as readonly Json[]
  const lists = isJsonObject(document) ? Object.values(document).filter((value) => Array.isArray(value)) : []
  if (lists.length !== 1) throw new ImportRefusal(`${path} holds ${lists.length} lists, not one; state rows in the mapping`)
  return lists[0] as readonly Json[]
}

type FlatRow = Map<string, Json>

function flattenFeature(item: Json): FlatRow | undefined {
  if (!isJsonObject(item) || item['type'] !== 'Feature') return undefined
  const properties = item['properties'] ?? {}
  if (!isJsonObject(properties)) return undefined
  const row = flatten(properties) ?? new Map<string, Json>()
  if (typeof item['id'] === 'string' || typeof item['id'] === 'number') row.set('id', item['id'])
  row.set(geometryColumn, item['geometry'] ?? null)
  return row
}

function flatten(item: Json): FlatRow | undefined {
  if (!isJsonObject(item)) return undefined
  const row: FlatRow = new Map()
  const put = (object: JsonObject, prefix: string, depth: number): void => {
    for (const [name, value] of Object.entries(object)) {
      if (isJsonObject(value) && depth < maxDepth) put(value, `${prefix}${name}.`, depth + 1)
      else row.set(prefix + name, value)
    }
  }
  put(item, '', 1)
  return row
}

function brokenReason(options: TableOptions): string {
  return options.format === 'geojson' ? 'is not a GeoJSON Feature' : 'is not an object'
}

function decide(path: string, name: string, index: number, rows: readonly TableRow[], options: TableOptions): ColumnDecision {
  const profile = openColumnProfile(options.empty)
  for (const row of rows) if (row.kind === 'row') profile.add(row.cells[index] ?? null, row.row)
  const decision = profile.decide()
  if (options.decimalMark !== undefined) return { type: decision.type, decimalMark: options.decimalMark }
  if (decision.conflict === undefined || decision.type !== 'number') return { type: decision.type, decimalMark: decision.decimalMark ?? 'point' }
  const { pointRow, commaRow } = decision.conflict
  throw new ImportRefusal(`${name} in ${path} has a decimal point in item ${pointRow} and a decimal comma in item ${commaRow}`)
}
