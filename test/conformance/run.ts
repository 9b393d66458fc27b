/** Runs the ETSI Robot suite, group by group from fresh brokers, and writes what came out into docs/conformance.json. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startBrokers } from './brokers.ts'
import { groups } from './groups.ts'
import type { Group } from './groups.ts'
import { copySuite } from './overlay.ts'
import { runRobot } from './robot.ts'
import type { TestResult } from './robot.ts'

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    contexts: { type: 'string' },
    only: { type: 'string' },
    robot: { type: 'string', default: process.env['ROBOT'] ?? 'python3' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help || values.suite === undefined || values.contexts === undefined) {
  console.log(
    'npm run conformance -- --suite DIR --contexts DIR [--only PATTERN] [--robot PYTHON]\nPATTERN is part of a group or of a test. See docs/conformance.md.',
  )
  process.exit(values.help ? 0 : 1)
}

/** Figures of one group; `again` are those that failed first and passed when only the failed ones were run again. */
type Figures = {
  readonly group: string
  readonly passed: number
  readonly failed: number
  readonly again: readonly string[]
  readonly failures: readonly TestResult[]
}

const suite = resolve(values.suite)
const contexts = resolve(values.contexts)
const commit = commitOf(suite)
const copy = copySuite(suite)
const output = mkdtempSync(join(tmpdir(), 'cityloop-robot-'))
const named = groups.filter(({ name }) => values.only !== undefined && name.includes(values.only))
const chosen = named.length > 0 ? named : groups
const all: Figures[] = []
try {
  for (const [index, group] of chosen.entries()) {
    const figures = await runGroup(group, join(output, String(index)), named.length > 0 ? undefined : values.only)
    if (figures.passed + figures.failed === 0) continue
    all.push(figures)
    console.log(`${group.name}: ${figures.passed} passed, ${figures.failed} failed, ${figures.again.length} of them passed only when run again`)
    for (const { name, message } of figures.failures) console.log(`  ${name}: ${message.split('\n')[0]?.slice(0, 160) ?? ''}`)
  }
} finally {
  rmSync(output, { recursive: true, force: true })
  rmSync(dirname(copy), { recursive: true, force: true })
}
const total = { passed: sum(({ passed }) => passed), failed: sum(({ failed }) => failed), again: sum(({ again }) => again.length) }
console.log(`In all: ${total.passed} passed, ${total.failed} failed, ${total.again} only when run again; suite ${commit}`)
if (values.only === undefined) {
  const failures = all.flatMap(({ group, failures: failed }) => failed.map(({ name }) => ({ group, name })))
  const figures = all.map(({ group, passed, failed, again }) => ({ group, passed, failed, again }))
  writeFileSync(
    new URL('../../docs/conformance.json', import.meta.url),
    `${JSON.stringify({ suite: commit, total, groups: figures, failures }, null, 2)}\n`,
  )
}
process.exitCode = total.failed === 0 ? 0 : 1

async function runGroup(group: Group, folder: string, only: string | undefined): Promise<Figures> {
  const first = await runOnce(group, join(folder, 'first'), only, undefined)
  const failed = first.filter(({ passed }) => !passed)
  const second = failed.length === 0 ? [] : await runOnce(group, join(folder, 'again'), undefined, join(folder, 'first'))
  const recovered = new Set(second.filter(({ passed }) => passed).map(keyOf))
  const failures = failed.filter((test) => !recovered.has(keyOf(test)))
  return {
    group: group.name,
    passed: first.length - failures.length,
    failed: failures.length,
    again: failed.filter((test) => recovered.has(keyOf(test))).map(({ name }) => name),
    failures,
  }
}

async function runOnce(group: Group, folder: string, only: string | undefined, failedOf: string | undefined): Promise<readonly TestResult[]> {
  const brokers = await startBrokers(group.brokers, contexts)
  try {
    return await runRobot({
      python: values.robot,
      suite: copy,
      path: group.path,
      output: folder,
      ...(only === undefined ? {} : { only }),
      ...(failedOf === undefined ? {} : { failedOf }),
    })
  } finally {
    await brokers.close()
  }
}

function keyOf({ suite: of, name }: TestResult): string {
  return `${of}.${name}`
}

function sum(of: (figures: Figures) => number): number {
  return all.reduce((total, figures) => total + of(figures), 0)
}

/** The commit of the checkout, or where it is none a digest of the tests, so that figures can be told apart. */
function commitOf(directory: string): string {
  try {
    return execFileSync('git', ['-C', directory, 'rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    const digest = createHash('sha256')
    for (const part of ['TP', 'IOP_TP', 'resources', 'data']) {
      const files = readdirSync(join(directory, part), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted()
      for (const path of paths) digest.update(path.slice(directory.length)).update(readFileSync(path))
    }
    return `sha256 ${digest.digest('hex').slice(0, 16)}`
  }
}
