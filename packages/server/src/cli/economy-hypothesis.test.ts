import { limits } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { economyCommand } from './economy.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hypothesis-'))
})
after(async () => rm(folder, { recursive: true, force: true }))

async function hypothesis(now: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const io = { stdout: (text: string) => void (out += text), stderr: (text: string) => void (err += text), now: () => now }
  return { code: await economyCommand(['hypothesis', ...args], io), out, err }
}
async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, JSON.stringify(content))
  return path
}

/** A plan that expects ten participants fewer in a thousand, with a design that finds seven; its data open on 1 April 2025. */
const plan = {
  id: 'H-3',
  title: 'Longer opening hours',
  owner: 'culture',
  domain: 'culture',
  createdAt: '2025-01-10T09:00:00Z',
  claim: { arrow: 'platform->population', mechanism: 'people who work by day can come' },
  intervention: { changes: [{ parameter: 'extraPlatformOperation', operation: 'add', value: 2, fromYear: 1 }], costPerYear: 2 },
  expected: [
    { kpi: 'sp.participation', direction: 'up', effect: 10, unit: '1/1000', horizonMonths: 24, prior: { mean: 0, sd: 10 }, source: 'judgement' },
  ],
  design: {
    method: 'interruptedTimeSeries',
    scale: 'level',
    outcomeKpi: 'sp.participation',
    prePeriod: { from: '2022-04-01', to: '2025-03-31' },
    postPeriod: { from: '2025-04-01', to: '2027-03-31' },
    comparators: [],
    covariates: [],
    leastPreObservations: 24,
    alpha: 0.05,
    power: 0.8,
    minimumDetectableEffect: 7,
  },
  decisionRule: { adoptIf: 'supported', stopIf: 'not supported', otherwise: 'extend' },
}
const early = '2025-02-01T10:00:00Z'
const late = '2025-06-01T10:00:00Z'

test('a plan is checked, signed, and found unchanged; the limits stand below in the language asked for', async () => {
  const path = await file('plan.json', plan)
  const checked = await hypothesis(early, 'check', path, '--language', 'es')
  assert.deepEqual([checked.code, /the design can see it/.test(checked.out), /not signed/.test(checked.out)], [0, true, true])
  assert.ok(checked.out.includes(`! ${limits.elasticities.es}`) && checked.out.includes(`! ${limits.oneCause.es}`))
  const out = join(folder, 'signed.json')
  assert.equal((await hypothesis(early, 'sign', path, '--by', 'Ana', '--out', out)).code, 0)
  const signed = await hypothesis(late, 'check', out)
  assert.equal(signed.code, 0)
  assert.match(signed.out, /version 1 signed by Ana at 2025-02-01T10:00:00Z, before its data opened/)
})

test('a change after the data opened is a second version beside the first, marked exploratory', async () => {
  const first = join(folder, 'first.json')
  await hypothesis(early, 'sign', await file('plan-1.json', plan), '--by', 'Ana', '--out', first)
  const second = join(folder, 'second.json')
  const changed = await file('plan-2.json', { ...plan, title: 'Longer hours on Fridays' })
  assert.equal((await hypothesis(late, 'sign', changed, '--by', 'Ben', '--after', first, '--out', second)).code, 0)
  const { out, code } = await hypothesis(late, 'check', second, '--json')
  const answer = JSON.parse(out) as { exploratory: boolean; tampered: number[]; verifiable: boolean }
  assert.deepEqual([code, answer.exploratory, answer.tampered, answer.verifiable], [0, true, [], true])
  assert.match(
    (await hypothesis(late, 'check', second)).out,
    /version 1 signed by Ana[^\n]*before its data opened[^]*version 2 signed by Ben[^\n]*exploratory/,
  )
  assert.equal((await hypothesis(late, 'sign', await file('same.json', plan), '--by', 'Ben', '--after', first)).code, 1)
})

test('a plan changed behind its signature, or moved before its data by hand, is found; nothing follows it', async () => {
  const path = join(folder, 'kept.json')
  await hypothesis(early, 'sign', await file('plan-3.json', plan), '--by', 'Ana', '--out', path)
  const text = await readFile(path, 'utf8')
  const forged = join(folder, 'forged.json')
  await writeFile(forged, text.replace('"effect": 10', '"effect": 8'))
  const found = await hypothesis(late, 'check', forged)
  assert.deepEqual([found.code, /! version 1 is not what was signed/.test(found.out)], [1, true])
  const followed = await hypothesis(late, 'sign', await file('plan-4.json', { ...plan, title: 'Other' }), '--by', 'Ben', '--after', forged)
  assert.deepEqual([followed.code, /is not what was signed, so no version can follow it/.test(followed.err)], [1, true])
  await writeFile(forged, text.replace('"signedAt": "2025-02', '"signedAt": "2025-05'))
  const moved = await hypothesis(late, 'check', forged)
  assert.deepEqual([moved.code, /its data open on 2025-04-01; afterDataOpened is false/.test(moved.err)], [1, true])
  await writeFile(forged, '{"versions": []}')
  assert.match((await hypothesis(late, 'check', forged)).err, /the plan has no signed version/)
})

test('a design that could not see the effect is said to be unverifiable, and words that make no sense are told', async () => {
  const blind = await file('blind.json', { ...plan, design: { ...plan.design, minimumDetectableEffect: 12 } })
  const { code, out } = await hypothesis(early, 'check', blind)
  assert.deepEqual([code, /! unverifiable/.test(out)], [1, true])
  assert.equal((await hypothesis(early, 'sign', blind)).code, 2)
  assert.equal((await hypothesis(early, 'judge', blind)).code, 2)
  assert.equal((await hypothesis(early)).code, 2)
  assert.match((await hypothesis(early, 'check', await file('odd.json', { ...plan, expected: [] }))).err, /H-3: nothing is expected/)
})
