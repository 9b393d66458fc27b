import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { routesCommand } from './routes.ts'

const folder = mkdtempSync(join(tmpdir(), 'cityloop-routes-'))
after(() => rmSync(folder, { recursive: true }))

const instance = join(folder, 'tiny.vrp')
writeFileSync(
  instance,
  'NAME: tiny|TYPE: CVRP|DIMENSION: 4|CAPACITY: 10|NODE_COORD_SECTION|1 0 0|2 0 3|3 4 3|4 4 0|DEMAND_SECTION|1 0|2 5|3 5|4 5|DEPOT_SECTION|1|-1|EOF|'.replaceAll(
    '|',
    '\n',
  ),
)
const vroom = join(folder, 'jobs.json')
writeFileSync(
  vroom,
  JSON.stringify({
    vehicles: [{ id: 1, start: [10, 50], end: [10, 50] }],
    jobs: [
      { id: 1, location: [10.01, 50] },
      { id: 2, location: [10, 50.01] },
    ],
  }),
)

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await routesCommand(args, { stdout: (text) => void (out += text), stderr: (text) => void (err += text) })
  return { code, out, err }
}

test('an instance is solved, written as .sol, and checked', async () => {
  const plan = join(folder, 'tiny.sol')
  const solved = await run('solve', instance, '--iterations', '200', '--out', plan)
  assert.equal(solved.code, 0)
  assert.match(solved.out, /2 routes, cost 18, 0 stops left out/)
  assert.match(readFileSync(plan, 'utf8'), /^Route #1: [\d ]+\nRoute #2: [\d ]+\nCost: 18\n$/)
  const checked = await run('check', instance, plan)
  assert.deepEqual([checked.code, checked.out], [0, 'Cost 18, 0 violations, 0 required stops missing\n'])
})

test('a VROOM document is answered as JSON, GeoJSON and picture by the ending, and its answer checked', async () => {
  for (const ending of ['.json', '.geojson', '.html'])
    assert.equal((await run('solve', vroom, '--iterations', '50', '--out', join(folder, `plan${ending}`))).code, 0)
  assert.equal(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).code, 0)
  assert.equal(JSON.parse(readFileSync(join(folder, 'plan.geojson'), 'utf8')).type, 'FeatureCollection')
  assert.match(readFileSync(join(folder, 'plan.html'), 'utf8'), /<svg/)
  const checked = await run('check', vroom, join(folder, 'plan.json'), '--json')
  assert.equal(checked.code, 0)
  assert.deepEqual(JSON.parse(checked.out).violations, [])
})

test('the steps of a VROOM document are planned as they stand', async () => {
  const ordered = JSON.parse(readFileSync(vroom, 'utf8')) as { vehicles: object[] }
  const file = join(folder, 'ordered.json')
  const steps = [2, 1].map((id) => ({ type: 'job', id }))
  writeFileSync(file, JSON.stringify({ ...ordered, vehicles: ordered.vehicles.map((vehicle) => ({ ...vehicle, max_tasks: 1, steps })) }))
  const planned = await run('plan', file)
  const answer = JSON.parse(planned.out) as { summary: { violations: object[] }; routes: { steps: { id?: number }[] }[] }
  assert.equal(planned.code, 0)
  assert.deepEqual(
    answer.routes[0]!.steps.flatMap(({ id }) => id ?? []),
    [2, 1],
  )
  assert.deepEqual(answer.summary.violations, [{ cause: 'max_tasks' }])
  assert.equal((await run('plan')).code, 2)
})

test('an incomplete plan ends with 1 and names the stop', async () => {
  writeFileSync(join(folder, 'part.sol'), 'Route #1: 1 2\n')
  const { code, out } = await run('check', instance, join(folder, 'part.sol'))
  assert.equal(code, 1)
  assert.match(out, /missing: Stop 3 is required and not served/)
})

test('bad input ends with 1 and one line, wrong usage with 2', async () => {
  writeFileSync(join(folder, 'bad.json'), '{"vehicles": [], "jobs": [], "foo": 1}')
  const bad = await run('solve', join(folder, 'bad.json'))
  assert.equal(bad.code, 1)
  assert.match(bad.err, /^The document has the unknown key foo\n$/)
  writeFileSync(join(folder, 'broken.json'), '{"vehicles": ')
  assert.match((await run('solve', join(folder, 'broken.json'))).err, /broken\.json is no JSON/)
  assert.equal((await run('solve', join(folder, 'not there.vrp'))).code, 1)
  assert.equal((await run('solve', instance, '--out', join(folder, 'a.pdf'), '--iterations', '5')).code, 1)
  assert.equal((await run('solve')).code, 2)
  assert.equal((await run('solve', instance, '--speed', '9')).code, 2)
  assert.equal((await run('fly')).code, 2)
  assert.equal((await run('--help')).code, 0)
})
