import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startServed } from './demo-process.ts'
import type { ServedCity } from './demo-process.ts'

const missing = ['mosquitto_pub', 'curl'].filter((program) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
})
const skip = missing.length === 0 ? false : `THE DOCUMENTED EXAMPLES WERE NOT RUN: ${missing.join(' and ')} is not installed`

let folder: string
let demo: ServedCity
before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'cityloop-examples-'))
  demo = await startServed(['demo', '--devices', '40'], folder)
})
after(async () => {
  if (skip !== false) return
  await demo.end('SIGTERM')
  await rm(folder, { recursive: true })
})

const run = promisify(execFile)
const link = '<http://localhost/ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
async function read(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${demo.url}${path}`, { headers: { link } })).json()) as Record<string, unknown>
}
async function eventually(path: string, name: string, wanted: unknown): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await read(path))[name] === wanted) return
    await pause(50)
  }
  assert.equal((await read(path))[name], wanted)
}

test('every example of docs/devices.md works as printed against the running demo', { skip }, async () => {
  const page = await readFile(new URL('../../docs/devices.md', import.meta.url), 'utf8')
  const examples = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  assert.ok(examples.length >= 17)
  const answers: { example: string; answer: string }[] = []
  for (const printed of examples) {
    const example = printed.replaceAll(/127\.0\.0\.1:1026/g, new URL(demo.url).host).replaceAll('-p 1883', `-p ${demo.mqttPort}`)
    const isCurl = example.includes('curl ')
    const script = isCurl ? example.replace('curl ', 'curl --silent --show-error --fail-with-body ') : example
    try {
      const { stdout } = await run('sh', ['-c', script], { timeout: 20_000 })
      answers.push({ example, answer: stdout })
    } catch (error) {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
      assert.fail(`This example fails with ${stderr}${stdout}:\n${printed}`)
    }
  }
  const answerTo = (part: string): string => answers.find(({ example }) => example.includes(part))?.answer ?? ''
  const shown = JSON.parse(answerTo('WeatherObserved:pond?format')) as Record<string, unknown>
  assert.deepEqual([shown['temperature'], shown['relativeHumidity'], shown['dataProvider'], shown['scope']], [22, 0.41, 'Our garden', '/garden'])
  assert.deepEqual(JSON.parse(answerTo('getCmd=1')), { pump: 'on' })
  assert.match(answerTo('api/quarantine\n'), /number-text/)
  const { entity } = JSON.parse(answerTo('codecs/try')) as { entity: Record<string, unknown> }
  assert.equal(entity['temperature'], 21.5)

  const pond = '/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:pond?format=simplified'
  await eventually(pond, 'pump_status', 'DELIVERED')
  await eventually('/ngsi-ld/v1/entities/urn:ngsi-ld:WeatherObserved:70b3d57ed0000001?format=simplified', 'temperature', 21.5)
  await eventually('/ngsi-ld/v1/entities/urn:ngsi-ld:Streetlight:port-selva:light-0001?format=simplified', 'powerState', 'on')
})

test('the demo shows its ribbon and base map, and its directory refuses import and restore by naming npm start', { skip }, async () => {
  assert.equal((await read('/api/session'))['ribbon'], 'synthetic')
  assert.deepEqual(await read('/api/basemap'), {
    style: 'pmtiles',
    url: '/api/basemap/demo.pmtiles',
    attribution: 'Port Selva (synthetic)',
    hasStreets: true,
  })
  const head = await fetch(`${demo.url}/api/basemap/demo.pmtiles`, { headers: { range: 'bytes=0-6' } })
  assert.deepEqual([head.status, await head.text()], [206, 'PMTiles'])
  const main = new URL('../../packages/server/src/cli/main.ts', import.meta.url).pathname
  for (const args of [
    ['import', 'x.csv', '--mapping', 'x'],
    ['restore', 'x.backup'],
  ]) {
    const failed = await run(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'] ?? '', CITYLOOP_DATA: folder } }).catch(
      (error: unknown) => error as { code: number; stderr: string },
    )
    assert.equal('code' in failed ? failed.code : 0, 1)
    assert.match(failed.stderr, /holds a made-up city, so (import|restore) refuses it: npm start serves your own city/)
  }
})
