import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRouteJobs, defaultRouteLimits } from './route-jobs.ts'

const durations = [
  [0, 10, 20, 30],
  [10, 0, 12, 22],
  [20, 12, 0, 11],
  [30, 22, 11, 0],
]

function documentOf(timeLimitMs: number): object {
  return {
    vehicles: [{ id: 1, start_index: 0, end_index: 0 }],
    jobs: [1, 2, 3].map((id) => ({ id, location_index: id })),
    matrices: { car: { durations } },
    cityloop: { time_limit_ms: timeLimitMs },
  }
}

test('a job is taken, solved in a thread and answered as VROOM does', async () => {
  const jobs = createRouteJobs()
  const submission = jobs.submit(documentOf(50))
  assert.ok(submission.kind === 'accepted')
  const job = await jobs.wait(submission.job.id, 60_000)
  assert.equal(job?.state, 'done')
  assert.equal((job.answer!['summary'] as { cost: number }).cost, 10 + 12 + 11 + 30)
  assert.equal(jobs.get('no such job'), undefined)
  await jobs.close()
})

test('a full queue, too many stops and a bad document are refused with their reason', async () => {
  const jobs = createRouteJobs({ ...defaultRouteLimits, maxQueue: 1, maxStops: 3 })
  const first = jobs.submit(documentOf(60_000))
  const second = jobs.submit(documentOf(60_000))
  assert.ok(first.kind === 'accepted' && second.kind === 'accepted')
  assert.equal(jobs.get(first.job.id)?.state, 'running')
  assert.equal(jobs.get(second.job.id)?.state, 'waiting')
  const third = jobs.submit(documentOf(50))
  assert.ok(third.kind === 'refused' && third.refusal === 'full')
  const large = jobs.submit({ ...documentOf(50), jobs: [1, 2, 3, 1].map((place, id) => ({ id, location_index: place })) })
  assert.ok(large.kind === 'refused' && large.refusal === 'tooLarge')
  const bad = jobs.submit({ ...documentOf(50), vehicles: 'none' })
  assert.ok(bad.kind === 'refused' && bad.refusal === 'badInput')
  assert.match(bad.detail, /vehicles must be an array/)
  await jobs.close()
})

test('a running job is cancelled with its best plan, a waiting one without', async () => {
  const jobs = createRouteJobs()
  const running = jobs.submit(documentOf(60_000))
  const waiting = jobs.submit(documentOf(60_000))
  assert.ok(running.kind === 'accepted' && waiting.kind === 'accepted')
  assert.equal(jobs.cancel(waiting.job.id), true)
  assert.equal(jobs.get(waiting.job.id)?.state, 'cancelled')
  assert.equal(jobs.get(waiting.job.id)?.answer, undefined)
  assert.equal(jobs.cancel(running.job.id), true)
  const ended = await jobs.wait(running.job.id, 60_000)
  assert.equal(ended?.state, 'cancelled')
  assert.equal((ended.answer!['summary'] as { routes: number }).routes, 1)
  assert.equal(jobs.cancel(running.job.id), false)
  await jobs.close()
})

test('only so many ended jobs are kept', async () => {
  const jobs = createRouteJobs({ ...defaultRouteLimits, maxKept: 1 })
  const first = jobs.submit(documentOf(20))
  const second = jobs.submit(documentOf(20))
  assert.ok(first.kind === 'accepted' && second.kind === 'accepted')
  await jobs.wait(second.job.id, 60_000)
  assert.equal(jobs.get(first.job.id), undefined)
  assert.equal(jobs.get(second.job.id)?.state, 'done')
  await jobs.close()
})
