/** Runs the bench of an area: `npm run bench -- AREA [option...]`. Results that count are kept in docs/performance.md, with the machine and the commit. */
import { cpus, totalmem } from 'node:os'

type Bench = { readonly bench: (args: string[]) => Promise<void> }

const areas: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Bench> }>> = {
  broker: { about: 'updates a second over HTTP, beside reads and hanging receivers; sizes; start', load: () => open('broker') },
  store: { about: 'commits and reads a second of the store alone', load: () => open('store') },
  economy: { about: 'the model of the two circles', load: () => open('economy') },
  causal: { about: 'causal checks on planted cities', load: () => open('causal') },
  routing: { about: 'plans against published best ones', load: () => open('routing') },
  threads: { about: 'two threads of the route solver against one at equal wall time', load: () => open('threads') },
  streets: { about: 'paths and matrices on a street network', load: () => open('streets') },
}

/** By a name made here, since not every area's bench is part of every checkout. */
async function open(area: string): Promise<Bench> {
  return (await import(new URL(`./${area}.ts`, import.meta.url).href)) as Bench
}

const [area = '', ...args] = process.argv.slice(2)
const chosen = Object.hasOwn(areas, area) ? areas[area] : undefined
if (chosen === undefined) {
  const lines = Object.entries(areas).map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`)
  console.error(`${area === '' ? 'Which area?' : `There is no area ${area}.`}\n\nUsage: npm run bench -- AREA\n\n${lines.join('\n')}`)
  process.exitCode = 2
} else {
  console.log(`${area}: Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`)
  await (await chosen.load()).bench(args)
}
