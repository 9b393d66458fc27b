/** Copies the database as of one moment into a new file, and syncs it. The writer goes on meanwhile. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { openForReading } from './schema.ts'

const { file, target } = workerData as { file: string; target: string }
const database = openForReading(file)
database.prepare('VACUUM INTO ?').run(target)
database.close()
const copy = openSync(target, 'r+')
fsyncSync(copy)
closeSync(copy)
