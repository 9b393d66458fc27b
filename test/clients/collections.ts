/** Sends the requests of published Postman collections, or of manuals' curl examples, to fresh brokers, in order, and counts what was answered as expected. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { openBroker, openSource } from '../federation/brokers.ts'
import { parseExamples } from './curl-examples.ts'
import { parseCollection, substitute } from './postman-collection.ts'
import type { CollectionRequest } from './postman-collection.ts'
import { expectationOf, variablesAfter } from './postman-script.ts'

const { values } = parseArgs({
  options: {
    collection: { type: 'string', multiple: true, default: [] },
    contexts: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    receiver: { type: 'string', default: '' },
    set: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help || values.collection.length === 0) {
  console.log(
    'node test/clients/collections.ts --collection FILE... [--contexts DIR] [--peer NAME,NAME]... [--receiver NAME,NAME] [--set NAME=VALUE]... [--all]\n' +
      'A collection is one of Postman (.json) or any text with curl commands.\n' +
      'A peer is one more broker under the variables named; a receiver takes notifications; every other host is the first broker.\n' +
      'Without --all, only what differs is listed. See docs/conformance.md.',
  )
  process.exit(values.help ? 0 : 1)
}

const kinds = ['status', 'length', 'body'] as const
type Figures = { requests: number; skipped: number; accepted: number; readonly compared: Compared[] }
type Compared = { readonly kind: (typeof kinds)[number]; readonly expected: string; readonly got: string; readonly isEqual: boolean }

const total: Figures = { requests: 0, skipped: 0, accepted: 0, compared: [] }
for (const file of values.collection) {
  const figures = await runCollection(resolve(file))
  console.log(`${basename(file)} (${digestOf(resolve(file))}): ${said(figures)}`)
  for (const key of ['requests', 'skipped', 'accepted'] as const) total[key] += figures[key]
  total.compared.push(...figures.compared)
}
console.log(`In all: ${said(total)}`)
process.exit(total.requests === 0 ? 1 : 0)

async function runCollection(file: string): Promise<Figures> {
  const text = readFileSync(file, 'utf8')
  const { requests, variables: own } = file.endsWith('.json') ? parseCollection(text) : parseExamples(text)
  await using opened = new AsyncDisposableStack()
  const open = async (alias: string): Promise<string> => {
    const broker = await openBroker(alias, values.contexts === undefined ? {} : { CITYLOOP_CONTEXTS: resolve(values.contexts) })
    opened.defer(() => broker.close())
    return broker.url
  }
  const receiver = await openSource((_, response) => response.end())
  opened.defer(() => receiver.close())
  const hosts = new Map(values.receiver.split(',').map((name) => [name, receiver.url]))
  const broker = await open('collection')
  for (const names of values.peer) {
    const peer = await open(names.split(',')[0] ?? '')
    for (const name of names.split(',')) hosts.set(name, peer)
  }
  const figures: Figures = { requests: 0, skipped: 0, accepted: 0, compared: [] }
  let variables: ReadonlyMap<string, unknown> = new Map([...own, ...hosts, ...values.set.map(pairOf)])
  for (const request of requests) variables = await run(request, broker, hosts, variables, figures)
  return figures
}

async function run(
  request: CollectionRequest,
  broker: string,
  hosts: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, unknown>,
  figures: Figures,
): Promise<ReadonlyMap<string, unknown>> {
  const url = urlOf(request.url, broker, hosts, variables)
  if (!url.pathname.startsWith('/ngsi-ld/v1')) {
    figures.skipped += 1
    console.log(`  no NGSI-LD: ${request.method} ${request.url}`)
    return variables
  }
  const headers = new Headers(request.headers.map(([name, value]): [string, string] => [name, substitute(value, variables)]))
  const body = request.body === undefined || request.method === 'GET' ? undefined : substitute(request.body, variables)
  const reply = await fetch(url, { method: request.method, headers, ...(body === undefined ? {} : { body }) })
  const text = await reply.text()
  const results = compare(request, reply.status, text, variables)
  figures.requests += 1
  figures.accepted += reply.ok ? 1 : 0
  figures.compared.push(...results)
  const expects =
    results.length === 0 ? 'says nothing' : results.map(({ kind, expected, isEqual }) => `${isEqual ? '=' : '≠'} ${kind} ${expected}`).join(', ')
  if (values.all || results.some(({ isEqual }) => !isEqual) || (results.length === 0 && !reply.ok)) {
    console.log(
      `  ${request.name}\n    ${request.method} ${decodeURIComponent(url.href.slice(url.origin.length))}: ${reply.status}; the collection ${expects}`,
    )
    if (!reply.ok || results.some(({ kind, isEqual }) => kind === 'status' && !isEqual)) console.log(`    ${text.slice(0, 300)}`)
    for (const { isEqual, kind, got } of results) if (!isEqual && kind !== 'status') console.log(`    got ${got}`)
  }
  return variablesAfter(request.script, { body: jsonOf(body ?? ''), headers, answered: reply.headers }, variables)
}

function pairOf(setting: string): readonly [name: string, value: string] {
  const at = setting.indexOf('=')
  return [setting.slice(0, at), setting.slice(at + 1)]
}

/** The URL with the broker, a peer or the receiver in the place of whatever host it names. */
function urlOf(raw: string, broker: string, hosts: ReadonlyMap<string, string>, variables: ReadonlyMap<string, unknown>): URL {
  const [, named = '', rest = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/s.exec(raw.trim()) ?? []
  const whole = /^\{\{([^{}]+)\}\}$/.exec(named)?.[1]
  const value = whole === undefined || hosts.has(whole) ? undefined : variables.get(whole)
  // A variable may hold a path or a whole address, such as the next page's.
  const address = typeof value === 'string' ? URL.parse(value, broker) : null
  if (rest === '' && address !== null) return new URL(`${address.pathname}${address.search}`, broker)
  return new URL(substitute(rest, variables), (whole === undefined ? undefined : hosts.get(whole)) ?? broker)
}

function compare(request: CollectionRequest, status: number, text: string, variables: ReadonlyMap<string, unknown>): readonly Compared[] {
  const { statuses, length, equal } = expectationOf(request.script)
  const wanted = statuses.length > 0 ? statuses : [request.example].filter((code) => code !== undefined)
  const body = jsonOf(text)
  const results: Compared[] = []
  if (wanted.length > 0) results.push({ kind: 'status', expected: wanted.join(' or '), got: String(status), isEqual: wanted.includes(status) })
  if (length !== undefined) {
    const got = Array.isArray(body) ? body.length : undefined
    results.push({ kind: 'length', expected: String(length), got: String(got), isEqual: got === length })
  }
  const expected = variables.get(equal?.variable ?? '')
  if (equal !== undefined && typeof expected === 'object') {
    const got = equal.index === undefined ? body : (body as readonly unknown[] | undefined)?.[equal.index]
    results.push({ kind: 'body', expected: JSON.stringify(expected), got: JSON.stringify(got), isEqual: isDeepStrictEqual(got, expected) })
  }
  return results
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function said({ requests, skipped, accepted, compared }: Figures): string {
  const parts = kinds.map((kind) => {
    const of = compared.filter((result) => result.kind === kind)
    const equal = of.filter(({ isEqual }) => isEqual).length
    return `${kind} expected ${of.length}, equal ${equal}, different ${of.length - equal}`
  })
  return `${requests} requests sent, ${skipped} skipped, ${accepted} answered with success; ${parts.join('; ')}`
}

function digestOf(file: string): string {
  return `sha256 ${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)}`
}
