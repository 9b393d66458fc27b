import { readFileSync, writeFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parseArgs } from 'node:util'
import {
  checkSolution,
  FormatError,
  planVroom,
  ProblemError,
  readBenchmark,
  readSol,
  readVroom,
  readVroomRoutes,
  scheduleRoutes,
  writeGeoJson,
  writePicture,
  writeSol,
  writeVroom,
  type Benchmark,
  type Problem,
  type Progress,
  type Solution,
  type VroomInput,
} from '@cityloop/routing'
import { solveInThreads } from '@cityloop/routing/node'

interface RoutesIo {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
}

const usage = `Usage:
  cityloop routes solve FILE [--time-limit S] [--seed N] [--threads N] [--iterations N] [--out FILE] [--json]
  cityloop routes check PROBLEM SOLUTION [--json]
  cityloop routes plan FILE [--out FILE.json]

FILE is a VROOM document, or an instance in VRPLIB, Solomon's, Li and Lim's or Cordeau's text, known by its content.
The plan goes to --out by its ending: .json VROOM (VROOM problems only), .sol VRPLIB, .geojson, .html a picture; without --out to the terminal.
plan keeps the order that the steps of a VROOM document's vehicles state, chooses the times and reports every rule that is broken, as vroom -c does.
check reads a VROOM answer or VRPLIB routes and tests every constraint; it ends with 1 when one is broken or a required stop is missing.
`

type Input = { readonly kind: 'vroom'; readonly vroom: VroomInput } | { readonly kind: 'benchmark'; readonly benchmark: Benchmark }

/** `cityloop routes solve|check|plan`. Resolves with the exit code: 0, 1 for an incomplete or broken plan or bad input, 2 for wrong usage. */
export async function routesCommand(args: string[], io: RoutesIo): Promise<number> {
  const [command, ...rest] = args
  if (command === undefined || args.includes('--help')) {
    io.stdout(usage)
    return command === undefined ? 2 : 0
  }
  try {
    if (command === 'solve') return await solveCommand(rest, io)
    if (command === 'check') return checkCommand(rest, io)
    if (command === 'plan') return planCommand(rest, io)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const refused = error instanceof FormatError || error instanceof ProblemError || error instanceof RangeError
    const unusable = 'code' in error && typeof error.code === 'string'
    if (!refused && !unusable) throw error
    io.stderr(`${error.message}\n`)
    return unusable && String(error.code).startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
  io.stderr(`routes has no command ${command}\n${usage}`)
  return 2
}

async function solveCommand(args: string[], io: RoutesIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'time-limit': { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      iterations: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    io.stderr(usage)
    return 2
  }
  const input = readInput(file)
  const problem = problemOf(input)
  const asked: VroomInput['options'] = input.kind === 'vroom' ? input.vroom.options : {}
  const limit = numberOf('time-limit', values['time-limit'])
  const iterations = numberOf('iterations', values.iterations)
  const started = performance.now()
  const solution = await solveInThreads(problem, {
    seed: numberOf('seed', values.seed) ?? asked.seed,
    timeLimitMs: limit === undefined ? asked.timeLimitMs : limit * 1000,
    iterations,
    start: asked.start,
    threads: numberOf('threads', values.threads),
    vehiclesFirst: input.kind === 'benchmark' && input.benchmark.vehiclesFirst,
    onProgress: (progress) => io.stderr(progressLine(progress)),
  })
  io.stderr('\r\u001b[K')
  const text = writePlan(input, solution, values.out ?? (values.json === true ? '.json' : ''), basename(file), performance.now() - started)
  if (values.out === undefined) io.stdout(text)
  else {
    writeFileSync(values.out, text)
    io.stdout(`${summaryOf(input, solution)} ${values.out}\n`)
  }
  for (const { detail } of solution.unassigned.slice(0, 20)) io.stderr(`${detail}\n`)
  return checkSolution(problem, solution).missing.length === 0 ? 0 : 1
}

function checkCommand(args: string[], io: RoutesIo): number {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } })
  const [problemFile, solutionFile] = positionals
  if (problemFile === undefined || solutionFile === undefined) {
    io.stderr(usage)
    return 2
  }
  const input = readInput(problemFile)
  const problem = problemOf(input)
  const text = readFileSync(solutionFile, 'utf8')
  const solution =
    input.kind === 'benchmark' ? readSol(text, input.benchmark) : scheduleRoutes(problem, readVroomRoutes(input.vroom, parseJson(text, solutionFile)))
  const { violations, cost, missing } = checkSolution(problem, solution)
  const published = input.kind === 'benchmark' ? cost / input.benchmark.scale : cost
  if (values.json === true) io.stdout(`${JSON.stringify({ cost: published, violations, missing: missing.map((stop) => problem.stops[stop]!.id) })}\n`)
  else {
    for (const { kind, detail } of violations) io.stdout(`${kind}: ${detail}\n`)
    for (const stop of missing) io.stdout(`missing: Stop ${problem.stops[stop]!.id} is required and not served\n`)
    io.stdout(`Cost ${published}, ${violations.length} violations, ${missing.length} required stops missing\n`)
  }
  return violations.length + missing.length === 0 ? 0 : 1
}

/** Ends with 0 whatever the plan breaks: to report it is what was asked. */
function planCommand(args: string[], io: RoutesIo): number {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { out: { type: 'string' } } })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    io.stderr(usage)
    return 2
  }
  const text = `${JSON.stringify(planVroom(parseJson(readFileSync(file, 'utf8'), file)), undefined, 2)}\n`
  if (values.out === undefined) io.stdout(text)
  else writeFileSync(values.out, text)
  return 0
}

function readInput(file: string): Input {
  const text = readFileSync(file, 'utf8')
  if (text.trimStart().startsWith('{')) return { kind: 'vroom', vroom: readVroom(parseJson(text, file)) }
  return { kind: 'benchmark', benchmark: readBenchmark(text) }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FormatError(`${file} is no JSON: ${error instanceof Error ? error.message : ''}`, { cause: error })
  }
}

function problemOf(input: Input): Problem {
  return input.kind === 'vroom' ? input.vroom.problem : input.benchmark.problem
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new RangeError(`--${name} must be a number, not ${text}`)
  return value
}

function writePlan(input: Input, solution: Solution, out: string, title: string, computingTimeMs: number): string {
  const problem = problemOf(input)
  const ending = extname(out) === '' ? out : extname(out)
  switch (ending) {
    case '.json':
      if (input.kind === 'benchmark') throw new RangeError('A benchmark instance is answered as .sol, .geojson or .html, not as VROOM .json')
      return `${JSON.stringify(writeVroom(input.vroom, solution, computingTimeMs), undefined, 2)}\n`
    case '.sol':
      return writeSol(solution, input.kind === 'benchmark' ? input.benchmark : { problem, depots: 1, scale: 1 })
    case '.geojson':
      return `${JSON.stringify(writeGeoJson(problem, solution))}\n`
    case '.html':
      return writePicture(problem, solution, title, { isGeographic: input.kind === 'vroom' })
    case '':
      return `${summaryOf(input, solution)}\n${writeSol(solution, input.kind === 'benchmark' ? input.benchmark : { problem, depots: 1, scale: 1 })}`
    default:
      throw new RangeError(`--out must end with .json, .sol, .geojson or .html, not ${ending}`)
  }
}

function summaryOf(input: Input, solution: Solution): string {
  const cost = input.kind === 'benchmark' ? Number((solution.cost / input.benchmark.scale).toFixed(2)) : solution.cost
  return `${solution.routes.length} routes, cost ${cost}, ${solution.unassigned.length} stops left out.`
}

function progressLine({ spent, cost, missing }: Progress): string {
  const done = Math.round(20 * Math.min(1, spent))
  const state = missing > 0 ? `${missing} stops to place` : `cost ${Math.round(cost)}`
  return `\r\u001b[K[${'='.repeat(done)}${' '.repeat(20 - done)}] ${Math.round(100 * spent)} %  ${state}`
}
