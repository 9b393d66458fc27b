import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { checkSolution } from '../check.ts'
import { readBenchmark } from './read-benchmark.ts'
import { parseSol, readSol } from './sol.ts'

const data = process.env['TEST_DATA']
const skip = data === undefined ? 'TEST_DATA is not set' : false
// Matrices of thousands of stops take more time than they tell.
const sets = ['cvrp-X', 'hfvrp', 'mtvrptwr', 'vrptw-homberger-1000']

for (const set of sets) {
  test(`best known solutions of ${set} keep every rule at their stated cost`, { skip }, () => {
    const solutions = globSync('*.sol', { cwd: join(data!, 'vrp', set) })
      .filter((file) => !/n[5-9]\d\d/.test(file) && !/^(R2|RC1|RC2|C2)_10/.test(file))
      .toSorted()
    assert.ok(solutions.length > 0)
    for (const file of solutions) {
      const name = basename(file, '.sol')
      const path = [`${name}.vrp`, `${name.toLowerCase()}.txt`]
        .map((candidate) => join(data!, 'vrp', set, candidate))
        .find((candidate) => existsSync(candidate))!
      const benchmark = readBenchmark(readFileSync(path, 'utf8'), { dimacs: true })
      const text = readFileSync(join(data!, 'vrp', set, file), 'utf8')
      const { cost, violations, missing } = checkSolution(benchmark.problem, readSol(text, benchmark))
      assert.deepEqual(violations, [], file)
      assert.deepEqual(missing, [], file)
      // Some mixed-fleet files state the cost in integers, a hundred thousand times larger.
      const stated = parseSol(text).cost!
      const published = set === 'hfvrp' && stated > 1e8 ? stated / 1e5 : stated
      // Ours rounds each edge's cost, theirs the sum.
      assert.ok(Math.abs(cost / benchmark.scale - published) < 0.02, `${file}: ${cost / benchmark.scale}, not ${published}`)
    }
  })
}
