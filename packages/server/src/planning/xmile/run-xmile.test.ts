import { Refusal } from '@cityloop/economy'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseXml } from './parse-xml.ts'
import { runXmile, usualWalls } from './run-xmile.ts'

const model = (variables: string, specs = '<start>0</start><stop>30</stop><dt>0.125</dt>'): string =>
  `<?xml version="1.0" encoding="utf-8"?><xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><name>teacup</name></header>` +
  `<sim_specs method="euler">${specs}</sim_specs><model><variables>${variables}</variables></model></xmile>`
const teacup = model(
  '<stock name="Teacup Temperature"><eqn>180</eqn><outflow>loss</outflow></stock>' +
    '<flow name="loss"><eqn>("Teacup Temperature" - room) / 10</eqn></flow><aux name="room"><eqn>IF 2 &lt; 1 THEN 0 ELSE 70</eqn></aux>',
)

test('the teacup cools to 75.374 in 30 minutes by steps of an eighth', async () => {
  const { name, run } = await runXmile(teacup)
  const temperature = run.columns.find(({ label }) => label === 'Teacup Temperature')!
  assert.deepEqual([name, run.times.length], ['teacup', 241])
  assert.equal(temperature.values.at(-1)!.toFixed(3), '75.374')
  assert.equal(temperature.values[1]!.toFixed(3), '178.625')
})

test('a document type is refused, so that no entity is ever expanded', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xmile>&b;</xmile>'
  assert.throws(() => parseXml(bomb), /declares a document type or entities/)
})

test('references that XML defines are read, once, and no other', () => {
  const tree = parseXml('<xmile a="1 &lt; 2"><x>a &gt; &#98; &#x63; &amp;lt;</x></xmile>')
  assert.equal(tree.attributes['a'], '1 < 2')
  assert.equal(tree.children[0]!.text, 'a > b c &lt;')
  assert.throws(() => parseXml('<xmile>&unknown;</xmile>'), /entity &unknown;/)
})

test('text that is not well formed is refused with its line', async () => {
  await assert.rejects(
    runXmile('<xmile>\n<model></xmile>'),
    (error) => error instanceof Refusal && /not well-formed XML:.*line 2/.test(error.message),
  )
})

test('what is not supported is refused by name', async () => {
  const conveyor = model('<stock name="belt"><eqn>1</eqn><conveyor><len>4</len></conveyor></stock>')
  await assert.rejects(runXmile(conveyor), (error) => error instanceof Refusal && error.findings.some(({ message }) => message.includes('conveyor')))
})

test('a model that takes too many steps, and one that takes too long, are stopped', async () => {
  const endless = model('<aux name="a"><eqn>1</eqn></aux>', '<start>0</start><stop>1e9</stop><dt>0.001</dt>')
  await assert.rejects(runXmile(endless), /steps/)
  await assert.rejects(runXmile(teacup, { ...usualWalls, timeoutMs: 1 }), /runs longer than 1 ms/)
})

test('a run that is called off ends with the reason', async () => {
  await assert.rejects(runXmile(teacup, usualWalls, AbortSignal.abort(new Error('called off'))), /called off/)
})
