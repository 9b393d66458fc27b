// Runs the XMILE models of SDXorg/test-models and compares every column the XMILE file defines with the reference output beside it:
//   node test/xmile/compare.ts DIR
// DIR is a checkout of github.com/SDXorg/test-models; its models stay outside this repository.
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../packages/economy/src/refusal.ts'
import { canonicalName } from '../../packages/economy/src/xmile/equation-tokens.ts'
import { readXmile } from '../../packages/economy/src/xmile/read-xmile.ts'
import { simulateXmile } from '../../packages/economy/src/xmile/simulate-xmile.ts'
import { parseXml } from '../../packages/server/src/planning/xmile/parse-xml.ts'

const relative = 1e-4
const absolute = 3e-6

/** Models whose XMILE file lost something that the .mdl file has; Stella ran that same XMILE file, so its output is the reference. */
const stellaOutputs = new Map([['active_initial', 'ACTIVE INITIAL is not in the XMILE file']])

/** Models whose XMILE file names another integration method than the one the reference output was made with. */
const eulerOutputs = new Map([['zeroled_decimals', 'the XMILE file says RK4, the reference output was made with Euler']])

type Outcome = { kind: 'agrees' | 'differs'; cells: number; notes: string[] } | { kind: 'refused' | 'broken'; notes: string[] }

const root = process.argv[2]
if (root === undefined) {
  console.error('A folder is needed: node test/xmile/compare.ts DIR')
  process.exitCode = 2
} else {
  const counts = { agrees: 0, differs: 0, refused: 0, broken: 0 }
  const folders = new Map<string, Outcome['kind'][]>()
  for (const file of await modelFiles(root)) {
    const outcome = await compare(root, file)
    counts[outcome.kind] += 1
    const folder = file.slice(0, file.lastIndexOf('/'))
    folders.set(folder, [...(folders.get(folder) ?? []), outcome.kind])
    console.log(`${outcome.kind.padEnd(8)} ${file}${'cells' in outcome ? `: ${outcome.cells} cells` : ''}`)
    for (const note of outcome.notes) console.log(`         ${note}`)
  }
  const all = [...folders.values()].filter((kinds) => kinds.every((kind) => kind === 'agrees')).length
  console.log(`${counts.agrees} files agree, ${counts.differs} differ, ${counts.refused} are refused, ${counts.broken} are no XML or have no output`)
  console.log(`${all} of ${folders.size} model folders agree in every file`)
  if (counts.differs > 0) process.exitCode = 1
}

async function modelFiles(root: string): Promise<string[]> {
  const files: string[] = []
  for (const area of ['tests', 'samples']) {
    for (const folder of (await readdir(join(root, area))).toSorted()) {
      const inside = await readdir(join(root, area, folder)).catch(() => [])
      if (!inside.some((name) => /^output\.(csv|tab)$/.test(name))) continue
      files.push(
        ...inside
          .filter((name) => name.endsWith('.xmile'))
          .toSorted()
          .map((name) => `${area}/${folder}/${name}`),
      )
    }
  }
  return files
}

async function compare(root: string, file: string): Promise<Outcome> {
  const folder = join(root, file, '..')
  const stella = stellaOutputs.get(basename(folder))
  const euler = eulerOutputs.get(basename(folder))
  const notes = [
    ...(stella === undefined ? [] : [`compared with Stella's output: ${stella}`]),
    ...(euler === undefined ? [] : [`run with Euler: ${euler}`]),
  ]
  try {
    const model = readXmile(parseXml(await readFile(join(root, file), 'utf8')))
    const run = simulateXmile(euler === undefined ? model : { ...model, specs: { ...model.specs, method: 'euler' } })
    const table = await readOutput(folder, stella !== undefined)
    const columns = new Map(run.columns.map((column) => [columnKey(column.label), column.values]))
    const missing = table.names.slice(1).filter((name) => name !== '' && !columns.has(columnKey(name)))
    if (missing.length > 0) notes.push(`not in the XMILE file: ${missing.join(', ')}`)
    let cells = 0
    let differing = 0
    for (const row of table.rows) {
      const at = run.times.findIndex((time) => Math.abs(time - row[0]!) < 1e-6 * run.dt + 1e-5)
      if (at === -1) continue
      table.names.forEach((name, i) => {
        const values = i === 0 ? undefined : columns.get(columnKey(name))
        const expected = row[i]
        if (values === undefined || expected === undefined || !Number.isFinite(expected)) return
        cells += 1
        const off = Math.abs(values[at]! - expected)
        if (off <= absolute || off <= relative * Math.abs(expected)) return
        differing += 1
        if (differing <= 3) notes.push(`${name} at ${row[0]}: ${values[at]}, reference ${expected}`)
      })
    }
    if (cells === 0) notes.push('no cell was compared')
    return { kind: differing === 0 && cells > 0 ? 'agrees' : 'differs', cells, notes }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', notes: error.findings.slice(0, 3).map((one) => one.message) }
    if (error instanceof Error) return { kind: 'broken', notes: [error.message] }
    throw error
  }
}

function columnKey(label: string): string {
  const bare = label.trim().replace(/^"(.*)"$/, '$1')
  const [, name, inside] = /^([^[]*)\[([^\]]*)\]$/.exec(bare) ?? []
  return name === undefined ? canonicalName(bare) : `${canonicalName(name)}[${inside!.split(',').map(canonicalName).join(',')}]`
}

async function readOutput(folder: string, stella: boolean): Promise<{ names: string[]; rows: number[][] }> {
  const names = await readdir(folder)
  const file = stella ? 'output_stella.csv' : (['output.csv', 'output.tab'].find((name) => names.includes(name)) ?? '')
  const lines = (await readFile(join(folder, file), 'utf8')).split(/\r\n|\r|\n/).filter((line) => line.trim() !== '')
  const split = (line: string): string[] => (file.endsWith('.tab') ? line.split('\t') : splitQuoted(line)).map((cell) => cell.trim())
  return {
    names: split(lines[0]!),
    rows: lines.slice(1).map((line) => split(line).map((cell) => (cell === '' ? Number.NaN : Number(cell)))),
  }
}

function splitQuoted(line: string): string[] {
  return [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) => cell!)
}
