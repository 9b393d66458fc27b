/**
 * Kills the server (SIGKILL) again and again on the same data while it is written to, and checks after each what is there.
 *
 *   node test/reliability/kill-runs.ts [--kills 20] [--writers 16] [--seed 1]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../packages/economy/src/uncertainty/random.ts'
import { checkCity } from './check-city.ts'
import { startCity } from './city-process.ts'
import { isAcknowledged, startMixedLoad } from './mixed-load.ts'
import type { Answer } from './mixed-load.ts'

export type KillSummary = {
  readonly kills: number
  readonly acknowledged: number
  /** From the start of the process to its first answer. */
  readonly slowestStartMs: number
  /** The first complaint of each check that had one. */
  readonly failures: readonly string[]
}

/** Runs the server, kills it at a random moment between 0.2 and 1 s of load, checks everything acknowledged in all rounds so far, and goes on. */
export async function killRuns({ kills, writers, seed }: { kills: number; writers: number; seed: number }): Promise<KillSummary> {
  const random = createRandom(seed)
  const data = await mkdtemp(join(tmpdir(), 'cityloop-kill-'))
  const answers: Answer[] = []
  const failures: string[] = []
  let slowestStartMs = 0
  try {
    for (let round = 0; round < kills; round += 1) {
      const begun = performance.now()
      const city = await startCity({ data })
      slowestStartMs = Math.max(slowestStartMs, performance.now() - begun)
      const load = await startMixedLoad(city.url, { writers, seed: seed + round, round })
      await new Promise((resolve) => setTimeout(resolve, 200 + 800 * random.uniform()))
      await city.kill('SIGKILL')
      await load.stop()
      answers.push(...load.answers)
      const { lost, halfWritten, damage } = checkCity(join(data, 'city.db'), answers, process.hrtime.bigint())
      const complaint = damage[0] ?? lost[0] ?? halfWritten[0]
      if (complaint !== undefined) failures.push(complaint)
    }
  } finally {
    await rm(data, { recursive: true })
  }
  return { kills, acknowledged: answers.filter(isAcknowledged).length, slowestStartMs: Math.round(slowestStartMs), failures }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '20' }, writers: { type: 'string', default: '16' }, seed: { type: 'string', default: '1' } },
  })
  const summary = await killRuns({ kills: Number(values.kills), writers: Number(values.writers), seed: Number(values.seed) })
  console.log(JSON.stringify(summary))
  if (summary.failures.length > 0) process.exitCode = 1
}
