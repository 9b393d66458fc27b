import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { basename, join } from 'node:path'
import { findInstance, readBest, type Best } from './routing/instances.ts'
import { printTable } from './routing/table.ts'

export interface PanelSet {
  readonly name: string
  readonly title: string
  readonly files: readonly string[]
  readonly limits: readonly number[]
  readonly gate: Readonly<Record<string, number>>
  readonly goal: Readonly<Record<string, number>>
}

/** One run that was made and is kept: a line of `bench/routing/cells.jsonl`. */
export interface Cell {
  readonly solver: string
  readonly version: string
  readonly set: string
  readonly instance: string
  readonly seed: number
  readonly limit: number
  readonly cost: number
  readonly vehicles: number
  readonly best?: Best
  /** CPU seconds: of the solving thread for ours, of the process for the others. */
  readonly cpu: number
  readonly violations: number
  readonly missing: number
  readonly first?: number
  readonly peakMb?: number
  readonly machine: string
  readonly commit: string
  readonly date: string
  readonly trace?: readonly (readonly [cpu: number, cost: number])[]
}

const folder = join(import.meta.dirname, 'routing')
const cellsFile = join(folder, 'cells.jsonl')
const rivals = ['pyvrp', 'hygese', 'ortools', 'vroom'] as const

/**
 * `npm run bench -- routing [--set NAME] [--solver NAME] [--limit S] [--seeds 1,2,3] [--minutes N]` runs the cells of the panel that are missing, one
 * process at a time and all solvers of an instance in a row, and prints the table of what is kept; `--table` only prints. Instances come from TEST_DATA
 * and BENCH_INSTANCES; the others' solvers from the Python named by BENCH_PYTHON, and without it only ours is run.
 */
export async function bench(args: string[]): Promise<void> {
  const option = (name: string): string | undefined => {
    const index = args.indexOf(`--${name}`)
    return index < 0 ? undefined : args[index + 1]
  }
  const panel = (JSON.parse(readFileSync(join(folder, 'panel.json'), 'utf8')) as { sets: PanelSet[] }).sets
  const sets = panel.filter((set) => option('set') === undefined || option('set')!.split(',').includes(set.name))
  const deadline = Date.now() + 60_000 * Number(option('minutes') ?? 600)
  if (!args.includes('--table')) runMissing(sets, args, option, deadline)
  await Promise.resolve()
  console.log(printTable(panel, readCells()))
}

/** Reads the kept cells. */
export function readCells(): Cell[] {
  if (!existsSync(cellsFile)) return []
  return readFileSync(cellsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Cell)
}

function runMissing(sets: readonly PanelSet[], args: readonly string[], option: (name: string) => string | undefined, deadline: number): void {
  const solvers = option('solver')?.split(',') ?? ['ours', ...(process.env['BENCH_PYTHON'] === undefined ? [] : rivals)]
  const seeds = (option('seeds') ?? '1,2,3').split(',').map(Number)
  const kept = new Set(readCells().map(keyOf))
  for (const seed of seeds) {
    for (const set of sets) {
      for (const limit of set.limits.filter((value) => option('limit') === undefined || option('limit') === String(value))) {
        for (const file of set.files) {
          const path = findInstance(file)
          if (path === undefined) {
            if (seed === seeds[0]) console.log(`${file} is not here`)
            continue
          }
          for (const solver of solvers) {
            if (Date.now() > deadline) return
            const instance = basename(file).replace(/\.\w+$/, '')
            if (kept.has(keyOf({ solver, set: set.name, instance, seed, limit }))) continue
            const cell = runCell(solver, set.name, instance, path, limit, seed)
            if (cell === undefined) continue
            appendFileSync(cellsFile, `${JSON.stringify(cell)}\n`)
            const gap = cell.best === undefined ? '' : ` ${((100 * (cell.cost - cell.best.cost)) / cell.best.cost).toFixed(2)} %`
            console.log(
              `${solver} ${instance} seed ${seed} ${limit} s: ${cell.cost} with ${cell.vehicles}${gap}${cell.violations > 0 ? ' VIOLATIONS' : ''}`,
            )
          }
        }
      }
    }
  }
  if (args.includes('--check')) console.log('Nothing is missing')
}

function keyOf(cell: Pick<Cell, 'solver' | 'set' | 'instance' | 'seed' | 'limit'>): string {
  return `${cell.solver} ${cell.set} ${cell.instance} ${cell.seed} ${cell.limit}`
}

function runCell(solver: string, set: string, instance: string, path: string, limit: number, seed: number): Cell | undefined {
  const common = {
    set,
    instance,
    seed,
    limit,
    best: readBest(path),
    machine: describeMachine(),
    commit: currentCommit(),
    date: new Date().toISOString().slice(0, 16),
  }
  if (solver === 'ours') {
    const run = spawnSync(process.execPath, [join(folder, 'solve-one.ts'), path, String(limit), String(seed)], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (run.status !== 0) throw new Error(`Our solver failed on ${instance}: ${run.stderr}`)
    return { solver, version: common.commit, ...common, ...(JSON.parse(run.stdout) as Outcome) }
  }
  const python = process.env['BENCH_PYTHON']
  if (python === undefined) throw new Error(`BENCH_PYTHON must name a Python that has ${solver}`)
  const run = spawnSync(python, [join(folder, 'rivals.py'), solver, path, String(limit), String(seed)], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (run.status === 3) return undefined
  if (run.status !== 0) throw new Error(`${solver} failed on ${instance}: ${run.stderr}`)
  const answer = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as { routes: unknown; cpu: number; version: string }
  const judged = execFileSync(process.execPath, [join(folder, 'check-one.ts'), path], { encoding: 'utf8', input: JSON.stringify(answer.routes) })
  return { solver, version: answer.version, ...common, ...(JSON.parse(judged) as Outcome), cpu: answer.cpu }
}

type Outcome = Pick<Cell, 'cost' | 'vehicles' | 'cpu' | 'violations' | 'missing' | 'first' | 'peakMb' | 'trace'>

function describeMachine(): string {
  return `${cpus()[0]?.model.trim() ?? arch()}, ${cpus().length} cores, Node ${process.versions.node}`
}

/** The commit that is measured; BENCH_COMMIT names it for a copy outside a repository. */
function currentCommit(): string {
  if (process.env['BENCH_COMMIT'] !== undefined) return process.env['BENCH_COMMIT']
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
}
