import type { SampleDesign } from './sample-design.ts'
import { drawOf } from './sample-design.ts'

/** A model as uncertainty sees it: parameters in the design's order in, outputs in a fixed order out. It may throw for a draw it must refuse. */
export type Model = (parameters: Float64Array) => readonly number[]

export interface EvaluationOptions {
  readonly outputs: readonly string[]
  /** First and end row; all rows when left out. Rows may be split among workers and put together again. */
  readonly from?: number
  readonly to?: number
  readonly signal?: AbortSignal
  /** Called after every batch with rows done and rows in all. */
  readonly onProgress?: (done: number, total: number) => void
  /** Rows between two pauses, in which a cancel can arrive. */
  readonly batch?: number
  /** Lets other work in between batches; a macrotask when left out. */
  readonly pause?: () => Promise<void>
}

/** What the draws gave. A refused draw has no row in `values`: it is counted and named, never filled in. */
export interface DrawResults {
  readonly outputs: readonly string[]
  /** Which draw each row is. */
  readonly rows: readonly number[]
  /** Row-major, rows × outputs; every number is finite. */
  readonly values: Float64Array
  readonly refused: readonly { readonly draw: number; readonly reason: string }[]
}

/** Runs the model on the design's rows. Rejects with the signal's reason once it is aborted. */
export async function evaluateDraws(design: SampleDesign, model: Model, options: EvaluationOptions): Promise<DrawResults> {
  const { outputs, from = 0, to = design.draws, batch = 64, pause = macrotask } = options
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= design.draws)) {
    throw new RangeError(`Rows ${from} to ${to} are not within the ${design.draws} draws`)
  }
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`A batch must hold at least one draw, not ${batch}`)
  const rows: number[] = []
  const refused: { draw: number; reason: string }[] = []
  const values = new Float64Array((to - from) * outputs.length)
  for (let row = from; row < to; row++) {
    if ((row - from) % batch === 0) {
      options.signal?.throwIfAborted()
      if (row > from) {
        options.onProgress?.(row - from, to - from)
        await pause()
        options.signal?.throwIfAborted()
      }
    }
    const answer = runOnce(model, design, row, outputs)
    if (typeof answer === 'string') refused.push({ draw: row, reason: answer })
    else {
      values.set(answer, rows.length * outputs.length)
      rows.push(row)
    }
  }
  options.onProgress?.(to - from, to - from)
  return { outputs, rows, values: values.slice(0, rows.length * outputs.length), refused }
}

/** Puts the results of consecutive parts of one design together, in their order. */
export function joinDrawResults(parts: readonly DrawResults[]): DrawResults {
  const first = parts[0]
  if (first === undefined) throw new RangeError('There are no results to join')
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part.values, at)
    at += part.values.length
  }
  return {
    outputs: first.outputs,
    rows: parts.flatMap((part) => part.rows),
    values,
    refused: parts.flatMap((part) => part.refused),
  }
}

function runOnce(model: Model, design: SampleDesign, row: number, outputs: readonly string[]): readonly number[] | string {
  let answer: readonly number[]
  try {
    answer = model(drawOf(design, row))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  if (answer.length !== outputs.length) throw new RangeError(`The model gave ${answer.length} outputs where ${outputs.length} are named`)
  const broken = answer.findIndex((value) => !Number.isFinite(value))
  return broken === -1 ? answer : `${outputs[broken]} is ${answer[broken]}`
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
