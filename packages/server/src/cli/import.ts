import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseConfig } from '#config/config.ts'
import { importFiles } from '#connectors/import/import-files.ts'
import type { FileReport, ImportIo } from '#connectors/import/import-files.ts'
import { ImportRefusal } from '#connectors/import-refusal.ts'
import { loadMapping, shippedMappingNames } from '#connectors/shipped-mappings.ts'
import { formatOfName } from '#connectors/tables/open-table.ts'
import { importStreets, isOsm } from './import-streets.ts'
import { importExports, isExport } from './import-lines.ts'
import { refuseSynthetic } from '#democity/synthetic.ts'
import type { Io } from './io.ts'
import { openImportTarget } from './open-import-target.ts'
import { openProgressBar } from './progress-bar.ts'
import { reachCity } from './reach-city.ts'

const usage = (
  names: readonly string[],
): string => `Usage: cityloop import FILE... --mapping NAME [--as csv|json|geojson|osm] [--tenant T] [--rejected DIRECTORY] [--json]

Reads files of open data (gzip or not) into the city in CITYLOOP_DATA (./data), beside a running server too. The same import again changes nothing, and
one that was cut short goes on where it was. Files of "cityloop export" (.ndjson) and OpenStreetMap extracts
(.osm.pbf, .osm.gz) need no mapping; an extract becomes the street network and the base map. Rows that cannot be read go to FILE.rejected.csv, with the reason.

  --mapping NAME   a mapping file (YAML, see docs/import.md), or one of those that come along:
                   ${names.join('\n                   ')}
  --as FORMAT      what the file is, where its name does not say
  --tenant T       the tenant that the data is written to
  --rejected DIR   where the files of rejected rows go, unless beside the files
  --json           the report as JSON
`

/** `cityloop import`: files into entities by a mapping. Exit code 1 where a file cannot be imported; rejected rows are reported, and no failure. */
export async function importCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args)
  if (values.help === true) {
    io.stdout(usage(await shippedMappingNames()))
    return 0
  }
  refuseSynthetic(parseConfig(io.env).dataDirectory, 'import')
  const { mapping: name, rejected, tenant = '', as } = values
  if (positionals.length > 0 && positionals.every((path) => as === 'osm' || isOsm(path)))
    return importStreets(positionals, parseConfig(io.env), io, values.json === true)
  if (positionals.length > 0 && positionals.every(isExport)) {
    const reached = await reachCity(parseConfig(io.env))
    try {
      return await importExports(reached, positionals, tenant, io, values.json === true)
    } finally {
      if (reached.kind === 'open') await reached.city.close()
    }
  }
  if (positionals.length === 0 || name === undefined) {
    io.stderr(`${positionals.length === 0 ? 'There is no file to import' : 'There is no --mapping'}\n\n${usage(await shippedMappingNames())}`)
    return 2
  }
  const mapping = await loadMapping(name)
  for (const path of positionals) checkFormat(path, as, mapping.table.format, name)
  const reached = await reachCity(parseConfig(io.env))
  const interrupt = new AbortController()
  const stop = (): void => interrupt.abort(new ImportRefusal('The import was stopped; the same command goes on where it was'))
  process.once('SIGINT', stop)
  const bar = openProgressBar(io, process.stderr.isTTY)
  try {
    const reports = await importFiles(
      openImportTarget(reached, 'import'),
      {
        tenant,
        files: positionals.map((path) => ({ path, mapping })),
        signal: interrupt.signal,
        ...(rejected !== undefined && { rejectedPath: (path: string) => join(rejected, `${basename(path)}.rejected.csv`) }),
      },
      progressOf(bar),
    )
    bar.end()
    io.stdout(values.json === true ? `${JSON.stringify(reports)}\n` : reports.map(describe).join(''))
    return 0
  } finally {
    bar.end()
    process.off('SIGINT', stop)
    if (reached.kind === 'open') await reached.city.close()
  }
}

function readArguments(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args)
  } catch (error) {
    throw new ImportRefusal(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      mapping: { type: 'string' },
      as: { type: 'string' },
      tenant: { type: 'string' },
      rejected: { type: 'string' },
    },
  })
}

function checkFormat(path: string, as: string | undefined, format: string, mapping: string): void {
  const said = as ?? formatOfName(path)
  if (said !== format)
    throw new ImportRefusal(`${path} is ${said}, and the mapping ${mapping} reads ${format}; say --as ${format} if the file is that`)
}

function progressOf(bar: ReturnType<typeof openProgressBar>): ImportIo {
  return {
    onProgress: ({ path, bytes, totalBytes, row }) => bar.show(`${basename(path)}, row ${row.toLocaleString('en')}`, bytes / Math.max(totalBytes, 1)),
  }
}

function describe(report: FileReport): string {
  const count = (value: number): string => value.toLocaleString('en')
  const lines = [
    `${report.path}: ${report.mapping}`,
    `  ${count(report.rows)} rows${report.resumedAtRow === undefined ? '' : `, resumed at row ${count(report.resumedAtRow)}`}`,
    `  ${count(report.observations)} observations: ${count(report.changed)} written, ${count(report.unchanged)} known already, ${count(report.refused)} refused`,
  ]
  if (report.skipped > 0) lines.push(`  ${count(report.skipped)} rows left out by the mapping's filter`)
  if (report.invalid > 0) lines.push(`  ${count(report.invalid)} values marked in the file as not valid`)
  if (report.rejectedFile !== undefined) lines.push(`  ${count(report.rejected)} rows rejected: see ${report.rejectedFile}`)
  return `${lines.join('\n')}\n`
}
