import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { checkCity } from './check-city.ts'
import { startCity } from './city-process.ts'
import type { CityProcess } from './city-process.ts'
import { buildRecorder, recordedEnvironment } from './disk-record.ts'
import { isAcknowledged, startMixedLoad } from './mixed-load.ts'
import type { Answer } from './mixed-load.ts'

/** What the server did while its disk was full and after there was room again. */
export type FullDisk = {
  /** How many writes were acknowledged before, were refused by each status meanwhile, and were acknowledged after. */
  readonly before: number
  readonly refused: ReadonlyMap<number, number>
  readonly after: number
  /** Statuses of reads while the disk was full. */
  readonly reads: ReadonlySet<number>
  readonly retryAfter: string | null
  readonly resumedAfterMs: number
  readonly exitCode: number | string
  readonly complaint: string | undefined
}

/** The disk refuses every write (ENOSPC) for a while, in the middle of commits; the disk recorder does it. */
export async function refuseWrites(): Promise<FullDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-full-'))
  try {
    const [data, full] = [join(folder, 'data'), join(folder, 'full')]
    await mkdir(data)
    const library = await buildRecorder(folder)
    const environment = await recordedEnvironment({ library, folder: data, record: join(folder, 'record'), full })
    const city = await startCity({ data, environment })
    return await fillAndFree(city, join(data, 'city.db'), { fill: () => writeFile(full, ''), free: () => rm(full) })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A disk of 64 MiB that something else fills up: the server's watermark closes writes before SQLite meets the end. Throws where none can be mounted. */
export async function fillSmallDisk(): Promise<FullDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-small-disk-'))
  const run = promisify(execFile)
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder])
    try {
      const data = join(folder, 'data')
      const city = await startCity({ data })
      const ballast = join(folder, 'ballast')
      // What is left is less than a twentieth of the disk; what the server has under way still fits.
      const fill = async (): Promise<void> => {
        while (await hasRoom(folder)) await appendFile(ballast, Buffer.alloc(256 * 1024))
      }
      return await fillAndFree(city, join(data, 'city.db'), { fill, free: () => rm(ballast) })
    } finally {
      await run('umount', ['-l', folder])
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function fillAndFree(city: CityProcess, database: string, disk: { fill(): Promise<void>; free(): Promise<void> }): Promise<FullDisk> {
  const load = await startMixedLoad(city.url, { writers: 8, seed: 7 })
  await pause(700)
  await disk.fill()
  const filled = process.hrtime.bigint()
  await waitUntil(() => load.answers.some(({ status }) => status === 507), 5000)
  const reads = new Set<number>()
  for (let count = 0; count < 20; count += 1) {
    reads.add((await fetch(`${city.url}/ngsi-ld/v1/entities/urn:shared:${count % 10}`)).status)
    reads.add((await fetch(`${city.url}/ngsi-ld/v1/entities?type=Shared&count=true`)).status)
  }
  const refusal = await fetch(`${city.url}/ngsi-ld/v1/entities/urn:shared:0/attrs/a0`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"value":1}',
  })
  await disk.free()
  const freed = process.hrtime.bigint()
  const isAfter = (answer: Answer): boolean => isAcknowledged(answer) && answer.sentAt > freed
  await waitUntil(() => load.answers.some(isAfter), 10_000)
  await load.stop()
  const exitCode = await city.kill('SIGTERM')
  const { damage, lost, halfWritten } = checkCity(database, load.answers, process.hrtime.bigint())
  const refused = new Map<number, number>()
  for (const answer of load.answers) if (!isAcknowledged(answer)) refused.set(answer.status, (refused.get(answer.status) ?? 0) + 1)
  const first = load.answers.find(isAfter)
  return {
    before: load.answers.filter((answer) => isAcknowledged(answer) && answer.sentAt < filled).length,
    refused,
    after: load.answers.filter(isAfter).length,
    reads,
    retryAfter: refusal.status === 507 ? refusal.headers.get('retry-after') : null,
    resumedAfterMs: first === undefined ? Number.POSITIVE_INFINITY : Number((first.at - freed) / 1_000_000n),
    exitCode,
    complaint: damage[0] ?? lost[0] ?? halfWritten[0],
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize > 2.5 * 1024 * 1024
}

async function waitUntil(isSo: () => boolean, timeoutMs: number): Promise<void> {
  for (const end = performance.now() + timeoutMs; !isSo() && performance.now() < end;) await pause(20)
}
