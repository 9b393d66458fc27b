import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'

/** What became of one test. */
export type TestResult = { readonly name: string; readonly suite: string; readonly passed: boolean; readonly message: string }

export type RobotRun = {
  /** A Python with Robot Framework and the suite's libraries. */
  readonly python: string
  /** The root of the copy, where the suite finds its resources. */
  readonly suite: string
  readonly path: string
  readonly output: string
  /** Only tests of which the name matches. */
  readonly only?: string
  /** The output of a run of which only the failed tests are run again. */
  readonly failedOf?: string
}

const lingerMs = 10_000

const variables = {
  url: 'http://localhost:9090/ngsi-ld/v1',
  temporal_api_url: 'http://localhost:9090/ngsi-ld/v1',
  notification_server_host: '127.0.0.1',
  context_source_host: '127.0.0.1',
  context_server_host: '127.0.0.1',
  mqtt_broker_host: '127.0.0.1',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`b${n}_url`, `http://127.0.0.1:${9089 + n}/ngsi-ld/v1`])),
}

/** Runs Robot once; resolves with every test that was run. Rejects where Robot itself failed. */
export async function runRobot({ python, suite, path, output, only, failedOf }: RobotRun): Promise<readonly TestResult[]> {
  const args = [
    '-m',
    'robot',
    '--outputdir',
    output,
    '--console',
    'quiet',
    '--loglevel',
    'NONE',
    '--log',
    'NONE',
    '--report',
    'NONE',
    '--xunit',
    'xunit.xml',
  ]
  for (const [name, value] of Object.entries(variables)) args.push('--variable', `${name}:${value}`)
  if (only !== undefined) args.push('--test', `*${only}*`, '--runemptysuite')
  if (failedOf !== undefined) args.push('--rerunfailed', join(failedOf, 'output.xml'))
  const file = join(output, 'xunit.xml')
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(python, [...args, path], { cwd: suite, stdio: ['ignore', 'ignore', 'inherit'] })
    // A failed test leaves its HTTP server behind, whose thread keeps Robot from ending: once the results are written, it need not.
    const timer = setInterval(() => {
      if (existsSync(file) && Date.now() - statSync(file).mtimeMs > lingerMs) child.kill('SIGKILL')
    }, 1000)
    child.once('error', reject)
    child.once('exit', (status, signal) => {
      clearInterval(timer)
      resolve(signal === null ? (status ?? 255) : 0)
    })
  })
  // 0 to 250 count the failed tests; above, Robot could not do its work.
  if (code > 250 || !existsSync(file)) throw new Error(`Robot ended with ${code} on ${path}`)
  return readResults(readFileSync(file, 'utf8'))
}

type Node = { readonly [name: string]: unknown }

/** The tests of an xUnit file, in order. */
export function readResults(xml: string): readonly TestResult[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: (name) => name === 'testcase' || name === 'testsuite' })
  return casesOf(parser.parse(xml) as Node).map((test) => {
    const failure = test['failure'] as Node | undefined
    return {
      name: textOf(test['name']),
      suite: textOf(test['classname']),
      passed: failure === undefined,
      message: textOf(failure?.['message']),
    }
  })
}

function casesOf(node: Node): readonly Node[] {
  const own = (node['testcase'] ?? []) as readonly Node[]
  const inner = (node['testsuite'] ?? []) as readonly Node[]
  return [...own, ...inner.flatMap(casesOf)]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
