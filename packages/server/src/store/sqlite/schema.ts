import { DatabaseSync } from 'node:sqlite'

/** The form of the database that this program reads and writes; a newer one is refused by name. */
export const schemaVersion = 1

const statements = `
CREATE TABLE tenant (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_recorded INTEGER NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE cause (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
CREATE TABLE entity (pk INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id TEXT NOT NULL, doc TEXT, newest TEXT, expires INTEGER, UNIQUE (tenant, id));
CREATE INDEX entity_expires ON entity (expires) WHERE expires IS NOT NULL;
CREATE TABLE type_entity (tenant INTEGER NOT NULL, type INTEGER NOT NULL, id TEXT NOT NULL, pk INTEGER NOT NULL, PRIMARY KEY (tenant, type, id)) WITHOUT ROWID;
CREATE TABLE type_ever (tenant INTEGER NOT NULL, type INTEGER NOT NULL, id TEXT NOT NULL, pk INTEGER NOT NULL, PRIMARY KEY (tenant, type, id)) WITHOUT ROWID;
CREATE TABLE type_attribute (tenant INTEGER NOT NULL, type INTEGER NOT NULL, attribute INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (tenant, type, attribute)) WITHOUT ROWID;
CREATE TABLE layer (id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, type INTEGER NOT NULL, UNIQUE (tenant, type));
CREATE VIRTUAL TABLE place USING rtree (id, west, east, south, north, layer_low, layer_high, +pk INTEGER, +attribute INTEGER);
CREATE TABLE place_of (pk INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (pk, place)) WITHOUT ROWID;
CREATE TABLE attribute_value (tenant INTEGER NOT NULL, attribute INTEGER NOT NULL, value, pk INTEGER NOT NULL, PRIMARY KEY (tenant, attribute, value, pk)) WITHOUT ROWID;
CREATE TABLE series (id INTEGER PRIMARY KEY, pk INTEGER NOT NULL, attribute INTEGER NOT NULL, dataset INTEGER NOT NULL, UNIQUE (pk, attribute, dataset));
CREATE TABLE history (
  series INTEGER NOT NULL, at INTEGER NOT NULL, recorded INTEGER NOT NULL, n INTEGER NOT NULL,
  kind INTEGER NOT NULL, current INTEGER NOT NULL, instance TEXT NOT NULL, body TEXT, cause INTEGER NOT NULL,
  PRIMARY KEY (series, at, recorded, n)
) WITHOUT ROWID;
CREATE INDEX history_known ON history (series, recorded) WHERE current = 1;
CREATE TABLE outbox (sequence INTEGER PRIMARY KEY AUTOINCREMENT, tenant INTEGER NOT NULL, recorded INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE audit (recorded INTEGER NOT NULL, tenant INTEGER NOT NULL, cause INTEGER NOT NULL, action TEXT NOT NULL, pk INTEGER NOT NULL);
CREATE TABLE own (tenant TEXT NOT NULL, area TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, due INTEGER, PRIMARY KEY (area, kind, tenant, key)) WITHOUT ROWID;
CREATE INDEX own_due ON own (area, kind, due) WHERE due IS NOT NULL;
`

/** Opens the database for the one writer, with every commit synced; makes the schema where the file is new. Throws where the file is of a newer program. */
export function openForWriting(file: string, synchronous: 'FULL' | 'OFF' = 'FULL'): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY`,
  )
  const version = versionOf(database)
  if (version > schemaVersion) {
    database.close()
    throw new Error(`The database ${file} has schema version ${version}, which a newer Cityloop made; this one knows versions up to ${schemaVersion}`)
  }
  if (version === 0) {
    database.exec('BEGIN IMMEDIATE')
    database.exec(statements)
    database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`)
  }
  return database
}

/** Opens the database for reading beside the writer. */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true })
  database.exec('PRAGMA cache_size = -32768; PRAGMA query_only = 1; PRAGMA temp_store = MEMORY')
  return database
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}
