/**
 * Cuts the power under a server that is written to, at many instants, and checks what the disk is left with.
 *
 *   node test/reliability/power-loss.ts [--images 300] [--starts 50] [--seconds 8] [--writers 16] [--seed 1]
 *
 * Exit code 1 where anything acknowledged is lost or half-written, or where the control run without syncs passes.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../packages/economy/src/uncertainty/random.ts'
import { checkCity, isWhole } from './check-city.ts'
import { startCity } from './city-process.ts'
import { buildRecorder, readRecord, recordedEnvironment } from './disk-record.ts'
import type { DiskOperation } from './disk-record.ts'
import { isAcknowledged, startMixedLoad } from './mixed-load.ts'
import type { Answer } from './mixed-load.ts'
import { cutModes, openCutDisk } from './power-cut.ts'
import type { CutMode } from './power-cut.ts'

/** A stretch of load on a recorded disk. */
export type Recording = {
  readonly operations: readonly DiskOperation[]
  readonly answers: readonly Answer[]
  readonly from: bigint
  readonly to: bigint
}

export type RecordOptions = { readonly seconds: number; readonly writers: number; readonly seed: number; readonly synchronous: 'FULL' | 'OFF' }

/** Runs the server on a recorded disk under the mixed load. */
export async function recordLoad({ seconds, writers, seed, synchronous }: RecordOptions): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-power-'))
  try {
    const [data, record] = [join(folder, 'data'), join(folder, 'record')]
    await mkdir(data)
    const environment = await recordedEnvironment({ library: await buildRecorder(folder), folder: data, record })
    const city = await startCity({ data, synchronous, environment })
    const load = await startMixedLoad(city.url, { writers, seed })
    const from = process.hrtime.bigint()
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const to = process.hrtime.bigint()
    await load.stop()
    await city.kill('SIGKILL')
    return { operations: await readRecord(record), answers: load.answers, from, to }
  } finally {
    await rm(folder, { recursive: true })
  }
}

export type CutOptions = { readonly images: number; readonly starts: number; readonly seed: number }

/** What the images of a recording showed. `failures` holds the first of each image that is not whole. */
export type CutSummary = {
  readonly images: number
  readonly acknowledged: number
  readonly lost: number
  readonly halfWritten: number
  readonly damaged: number
  readonly started: number
  readonly failures: readonly { readonly mode: CutMode; readonly at: bigint; readonly what: string }[]
}

/** Makes images of the disk, half at random times and half right after random disk operations, and checks each; on some the server is started first. */
export async function cutAndCheck({ operations, answers, from, to }: Recording, { images, starts, seed }: CutOptions): Promise<CutSummary> {
  const random = createRandom(seed)
  const within = operations.filter(({ at }) => at >= from && at <= to)
  const times = Array.from({ length: images }, (_, index) =>
    index % 2 === 0 ? from + BigInt(Math.floor(random.uniform() * Number(to - from))) : (within[random.integer(within.length)]?.at ?? to),
  ).toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  const disk = openCutDisk(operations)
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-images-'))
  const failures: { mode: CutMode; at: bigint; what: string }[] = []
  const counts = { lost: 0, halfWritten: 0, damaged: 0, started: 0 }
  try {
    for (const [index, at] of times.entries()) {
      disk.advance(at)
      const mode = cutModes[index % cutModes.length] ?? 'none'
      const image = join(folder, String(index))
      await disk.cut(image, mode, random)
      const isStarted = Math.floor(((index + 1) * starts) / images) > Math.floor((index * starts) / images)
      const what = isStarted ? await startOn(image) : undefined
      if (isStarted && what === undefined) counts.started += 1
      const verdict = checkCity(join(image, 'city.db'), answers, at)
      counts.lost += verdict.lost.length > 0 ? 1 : 0
      counts.halfWritten += verdict.halfWritten.length > 0 ? 1 : 0
      counts.damaged += verdict.damage.length > 0 ? 1 : 0
      const first = what ?? verdict.damage[0] ?? verdict.lost[0] ?? verdict.halfWritten[0]
      if (first !== undefined || !isWhole(verdict)) failures.push({ mode, at: at - from, what: first ?? '' })
      await rm(image, { recursive: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const acknowledged = answers.filter((answer) => isAcknowledged(answer) && answer.at <= to).length
  return { images, acknowledged, ...counts, failures }
}

/** Starts the server on an image, reads, writes and ends it; what went wrong, if anything. */
async function startOn(image: string): Promise<string | undefined> {
  try {
    const city = await startCity({ data: image })
    const ready = await fetch(`${city.url}/ready`)
    const read = await fetch(`${city.url}/ngsi-ld/v1/entities/urn:shared:0`)
    const write = await fetch(`${city.url}/ngsi-ld/v1/entities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'urn:probe', type: 'Probe', mark: { type: 'Property', value: -1 } }),
    })
    const code = await city.kill('SIGTERM')
    if (ready.status === 200 && read.status === 200 && write.status === 201 && code === 0) return undefined
    return `the server started and answered ${ready.status}, ${read.status}, ${write.status}, and ended with ${code}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      images: { type: 'string', default: '300' },
      starts: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '8' },
      writers: { type: 'string', default: '16' },
      seed: { type: 'string', default: '1' },
    },
  })
  const [images, starts, seconds, writers, seed] = [values.images, values.starts, values.seconds, values.writers, values.seed].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const show = (name: string, { failures, ...summary }: CutSummary): void => {
    console.log(name, JSON.stringify({ ...summary, failed: failures.length }))
    for (const { mode, at, what } of failures.slice(0, 5)) console.log(`  ${mode} at ${Number(at / 1_000_000n)} ms: ${what}`)
  }
  const synced = await cutAndCheck(await recordLoad({ seconds, writers, seed, synchronous: 'FULL' }), { images, starts, seed })
  show('synchronous=FULL', synced)
  const unsynced = await cutAndCheck(await recordLoad({ seconds, writers, seed, synchronous: 'OFF' }), { images, starts: 0, seed })
  show('synchronous=OFF ', unsynced)
  if (synced.failures.length > 0) process.exitCode = 1
  if (unsynced.failures.length === 0) {
    console.error('The control run lost nothing: the test is blind')
    process.exitCode = 1
  }
}
