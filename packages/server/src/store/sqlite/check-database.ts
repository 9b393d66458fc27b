import { DatabaseSync } from 'node:sqlite'
import { schemaVersion } from './schema.ts'

/** Checks that a file is a whole database of a version this program knows, and counts what is in it. Throws an error that names what is wrong. */
export function checkDatabase(file: string): { readonly entities: number; readonly instances: number; readonly changes: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (version === 0) throw new Error(`${file} is no backup of Cityloop`)
    if (version > schemaVersion)
      throw new Error(`${file} has schema version ${version}, which a newer Cityloop made; this one knows versions up to ${schemaVersion}`)
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (found !== 'ok') throw new Error(`${file} is damaged: ${String(found)}`)
    const count = (sql: string): number => Number(database.prepare(sql).get()?.['count'] ?? 0)
    return {
      entities: count('SELECT COUNT(*) AS count FROM entity WHERE doc IS NOT NULL'),
      instances: count('SELECT COUNT(*) AS count FROM history'),
      changes: count('SELECT COALESCE(MAX(sequence), 0) AS count FROM outbox'),
    }
  } finally {
    database.close()
  }
}
