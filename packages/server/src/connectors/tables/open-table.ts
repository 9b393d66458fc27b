import { surveyFile } from './byte-source.ts'
import { openCsvTable } from './csv-table.ts'
import { openJsonTable } from './json-table.ts'
import type { Table, TableFormat, TableOptions } from './table.ts'

/** Opens a CSV, JSON or GeoJSON file, gzip or not, as a table whose columns' types are decided over the whole file. Throws `ImportRefusal`. */
export async function openTable(path: string, options: TableOptions, signal?: AbortSignal): Promise<Table> {
  const survey = await surveyFile(path, signal)
  return options.format === 'csv' ? openCsvTable(path, survey, options, signal) : openJsonTable(path, survey, options)
}

/** The format that a file's name speaks of: `.geojson`, `.json`, and CSV for everything else; `.gz` after it does not count. */
export function formatOfName(path: string): TableFormat {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  if (name.endsWith('.geojson')) return 'geojson'
  return name.endsWith('.json') ? 'json' : 'csv'
}
