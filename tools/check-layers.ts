/** Holds every import against the layers of the design: an area imports only from layers below, never sideways except where said. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

const purePackages = new Set(['ngsi-ld', 'streets', 'routing', 'economy'])

/** The server's areas by layer; within one layer only what `sideways` lists may import each other. */
const layers: Readonly<Record<number, readonly string[]>> = {
  1: ['runtime', 'config', 'tiles'],
  2: ['governance', 'store', 'bus'],
  3: ['snapshots', 'federation', 'subscriptions', 'history', 'streets', 'broker'],
  4: ['devices', 'connectors', 'operations', 'collection', 'planning', 'routes', 'participation', 'vision', 'network', 'catalogue', 'democity'],
  5: ['http'],
  6: ['main', 'cli'],
}
const sideways: Readonly<Record<string, readonly string[]>> = {
  governance: ['store'],
  bus: ['store'],
  snapshots: ['federation', 'history', 'broker'],
  federation: ['subscriptions', 'history', 'broker'],
  subscriptions: ['broker'],
  history: ['broker'],
  streets: ['broker'],
  cli: ['main'],
  main: ['cli'],
}
const adapters = ['store/sqlite', 'store/postgres', 'bus/local', 'bus/jetstream']
const areaLayer = new Map(Object.entries(layers).flatMap(([layer, areas]) => areas.map((area) => [area, Number(layer)] as const)))

const faults: string[] = []
let imports = 0
for (const file of globSync('packages/*/src/**/*.{ts,tsx}')) {
  const source = readFileSync(file, 'utf8')
  for (const match of source.matchAll(
    /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  )) {
    imports += 1
    const fault = faultOf(file, match[1] ?? match[2] ?? match[3] ?? '', source)
    if (fault !== undefined) faults.push(`${file}: ${fault}`)
  }
}
for (const fault of faults) console.error(fault)
console.log(`${imports} imports checked, ${faults.length} against the layers`)
process.exitCode = faults.length > 0 ? 1 : 0

function faultOf(file: string, target: string, source: string): string | undefined {
  const [, owner = ''] = file.split('/')
  const pure = /^@cityloop\/(.+)$/.exec(target)?.[1]
  if (purePackages.has(owner)) {
    if (pure !== undefined) return `${owner} is pure and imports package ${pure}`
    if (target.startsWith('node:') && !file.endsWith('.test.ts') && !/\/(node|[a-z-]+-worker)\.ts$/.test(file))
      return `${owner} is pure and imports ${target}`
    return undefined
  }
  if (owner === 'console') return pure === 'server' ? 'the console imports the server' : undefined
  const from = areaOf(file.slice('packages/server/src/'.length))
  const place = placeOf(file, target)
  if (place === undefined) return undefined
  const isTest = /\.(test|contract|fixture)\.ts$/.test(file) || file.endsWith('contract.ts')
  const to = areaOf(place)
  const adapter = adapters.find((path) => place.startsWith(`${path}/`))
  if (adapter !== undefined && !file.includes(adapter) && from !== 'main' && from !== 'cli' && !isTest)
    return `only main and cli may import the adapter ${adapter}`
  if (from === to || isTest) return undefined
  const [own, other] = [areaLayer.get(from), areaLayer.get(to)]
  if (own === undefined) return `area ${from} is in no layer`
  if (other === undefined) return `area ${to} is in no layer`
  if (own >= 4 && own < 6 && to === 'store' && own === 4 && !place.startsWith('store/rows') && !isTypeOnly(source, target))
    return `layer 4 may import store/rows alone, not ${place}`
  if (other < own) return undefined
  if (sideways[from]?.includes(to) === true) return undefined
  return `${from} (layer ${own}) imports ${to} (layer ${other})`
}

/** Types alone draw no arrow at run time. */
function isTypeOnly(source: string, target: string): boolean {
  return source.includes(`from '${target}'`) && new RegExp(`import type [^'"]*from '${target.replace(/[.#/]/g, '\\$&')}'`).test(source)
}

function areaOf(path: string): string {
  return path.split('/')[0] ?? ''
}

/** The path within the server's source that an import names; `undefined` outside it. */
function placeOf(file: string, target: string): string | undefined {
  if (target.startsWith('#')) return target.slice(1)
  if (!target.startsWith('.')) return undefined
  const path = normalize(join(dirname(file), target))
  return path.startsWith('packages/server/src/') ? relative('packages/server/src', path) : undefined
}
