import type { Config } from '#config/config.ts'
import { streetsDirectory } from '#streets/ask-streets.ts'
import { importExtract } from '#streets/import-extract.ts'
import type { Io } from './io.ts'

/** Whether a file is an OpenStreetMap extract, by its name. */
export function isOsm(path: string): boolean {
  return /\.osm(\.pbf|\.gz)?$/.test(path)
}

/** Makes the street network and the base map of a city from an extract; a running server uses them from the next question on. */
export async function importStreets(paths: readonly string[], config: Config, io: Io, isJson: boolean): Promise<number> {
  const [path] = paths
  if (path === undefined || paths.length > 1) throw new Error('One OpenStreetMap extract is imported at a time: it replaces the one before')
  const report = await importExtract(path, streetsDirectory(config.dataDirectory))
  const { directedEdges, ignoredRestrictions, restrictions, tiles } = report
  const ignored = Object.values(ignoredRestrictions).reduce((sum, ids) => sum + ids.length, 0)
  io.stdout(
    isJson
      ? `${JSON.stringify(report)}\n`
      : `${directedEdges} directed edges, ${restrictions} turn restrictions (${ignored} could not be applied), ${tiles} map tiles\n`,
  )
  return 0
}
