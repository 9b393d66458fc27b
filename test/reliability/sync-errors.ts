/**
 * Lets one sync of the server's disk fail (EIO) under load, and checks that nothing is acknowledged from then on.
 *
 *   node test/reliability/sync-errors.ts [--errors 20] [--writers 16]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../packages/economy/src/uncertainty/random.ts'
import { checkCity } from './check-city.ts'
import { startCity } from './city-process.ts'
import { buildRecorder, readRecord, recordedEnvironment } from './disk-record.ts'
import { isAcknowledged, startMixedLoad } from './mixed-load.ts'
import { openCutDisk } from './power-cut.ts'

/** What happened around a failed sync. */
export type SyncError = {
  /** The file whose sync failed. */
  readonly file: string
  readonly acknowledged: number
  /** Writes sent after the sync had failed that were acknowledged all the same. */
  readonly acknowledgedAfter: number
  /** What a power cut then leaves, with nothing of the failed sync kept, against everything ever acknowledged. */
  readonly complaint: string | undefined
  readonly exitCode: number | string
  /** From the failed sync to the end of the process. */
  readonly endedAfterMs: number
}

/** Runs the server under load and lets the `nth` sync from then on fail. */
export async function failSync({ nth, writers, seed }: { nth: number; writers: number; seed: number }): Promise<SyncError> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-sync-'))
  try {
    const [data, record, fail] = [join(folder, 'data'), join(folder, 'record'), join(folder, 'fail')]
    await mkdir(data)
    const environment = await recordedEnvironment({ library: await buildRecorder(folder), folder: data, record, fail })
    const city = await startCity({ data, environment })
    const load = await startMixedLoad(city.url, { writers, seed })
    await writeFile(fail, String(nth))
    const exitCode = await city.ended
    const ended = process.hrtime.bigint()
    await load.stop()

    const operations = await readRecord(record)
    const failed = operations.find(({ kind }) => kind === 'failed sync')
    if (failed === undefined) throw new Error(`The server ended with ${exitCode} before its sync ${nth}: ${city.log()}`)
    const disk = openCutDisk(operations)
    disk.advance(ended)
    await disk.cut(join(folder, 'image'), 'none', createRandom(seed))
    const { damage, lost, halfWritten } = checkCity(join(folder, 'image', 'city.db'), load.answers, ended)
    return {
      file: failed.file,
      acknowledged: load.answers.filter(isAcknowledged).length,
      acknowledgedAfter: load.answers.filter((answer) => isAcknowledged(answer) && answer.sentAt > failed.at).length,
      complaint: damage[0] ?? lost[0] ?? halfWritten[0],
      exitCode,
      endedAfterMs: Number((ended - failed.at) / 1_000_000n),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { errors: { type: 'string', default: '20' }, writers: { type: 'string', default: '16' } } })
  const random = createRandom(1)
  for (let run = 0; run < Number(values.errors); run += 1) {
    const nth = run < 5 ? run + 1 : 1 + random.integer(200)
    const result = await failSync({ nth, writers: Number(values.writers), seed: run })
    console.log(`sync ${nth}`, JSON.stringify(result))
    if (result.acknowledgedAfter > 0 || result.complaint !== undefined || result.exitCode === 0) process.exitCode = 1
  }
}
