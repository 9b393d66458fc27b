/** Copies the database as of one moment into a new file, and syncs it. The writer goes on meanwhile. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { DatabaseSync } from 'node:sqlite'

const { file, target } = workerData as { file: string; target: string }
const database = new DatabaseSync(file, { readOnly: true })
database.prepare('VACUUM INTO ?').run(target)
database.close()
const copy = openSync(target, 'r+')
fsyncSync(copy)
closeSync(copy)
