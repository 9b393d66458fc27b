import type { EvaluationOptions, Model } from './evaluate-draws.ts'
import { evaluateDraws } from './evaluate-draws.ts'
import type { NamedPrior } from './priors.ts'
import { priorQuantile } from './priors.ts'
import type { Random } from './random.ts'
import type { SampleDesign } from './sample-design.ts'
import { checkDesign, unitCube } from './sample-design.ts'
import { sortedQuantile } from './summarize-draws.ts'

/** How much of an output's variance one parameter explains, alone (`first`) and with all its interactions (`total`). */
export interface SobolIndex {
  readonly parameter: string
  readonly first: number
  readonly total: number
  /** 95 % percentile intervals over resampled rows. */
  readonly firstInterval: readonly [number, number]
  readonly totalInterval: readonly [number, number]
}

export interface SobolResult {
  readonly output: string
  readonly mean: number
  readonly variance: number
  readonly evaluations: number
  readonly algorithm: string
  readonly seed: number
  /** Empty when the output does not vary. */
  readonly indices: readonly SobolIndex[]
}

/**
 * Sobol indices of one output: first order after Saltelli et al. 2010 (table 2, b), total after Jansen 1999, on two Latin hypercubes of `base` points.
 * Costs base × (parameters + 2) runs. A base point of which any run is refused is left out; throws when fewer than half of the points remain.
 */
export async function sobolIndices(
  random: Random,
  priors: readonly NamedPrior[],
  base: number,
  model: Model,
  options: Omit<EvaluationOptions, 'from' | 'to' | 'outputs'> & { readonly output: string; readonly resamples?: number },
): Promise<SobolResult> {
  const width = priors.length
  checkDesign(priors, base * (width + 2))
  const values = saltelliRows(random, priors, base)
  const design: SampleDesign = {
    sampling: 'latinHypercube',
    algorithm: random.algorithm,
    seed: random.seed,
    names: priors.map((one) => one.name),
    draws: base * (width + 2),
    values,
  }
  const results = await evaluateDraws(design, model, { ...options, outputs: [options.output] })
  const byDraw = new Map(results.rows.map((row, i) => [row, results.values[i]!]))
  const blocks: number[][] = []
  for (let point = 0; point < base; point++) {
    const block = Array.from({ length: width + 2 }, (_, i) => byDraw.get(i * base + point))
    if (block.every((value) => value !== undefined)) blocks.push(block)
  }
  if (blocks.length < 2 || blocks.length * 2 < base) {
    throw new RangeError(`Only ${blocks.length} of ${base} points ran: ${results.refused[0]?.reason ?? 'no reason given'}`)
  }
  const head = { output: options.output, evaluations: design.draws, algorithm: random.algorithm, seed: random.seed }
  const { mean, variance } = moments(blocks)
  if (!(variance > 1e-24 * (1 + mean * mean))) return { ...head, mean, variance: 0, indices: [] }
  const resamples = options.resamples ?? 200
  const order = blocks.map((_, i) => i)
  const point = estimates(blocks, order)
  const spread = Array.from({ length: resamples }, () =>
    estimates(
      blocks,
      Array.from(order, () => random.integer(blocks.length)),
    ),
  )
  return {
    ...head,
    mean,
    variance,
    indices: priors.map((one, i) => ({
      parameter: one.name,
      first: point.first[i]!,
      total: point.total[i]!,
      firstInterval: middle95(spread.map((one) => one.first[i]!)),
      totalInterval: middle95(spread.map((one) => one.total[i]!)),
    })),
  }
}

/** Blocks of `base` rows: A, B, then A with column i taken from B, for every i. */
function saltelliRows(random: Random, priors: readonly NamedPrior[], base: number): Float64Array {
  const width = priors.length
  const a = unitCube(random, base, width, 'latinHypercube')
  const b = unitCube(random, base, width, 'latinHypercube')
  const values = new Float64Array(base * (width + 2) * width)
  for (let block = 0; block < width + 2; block++) {
    for (let row = 0; row < base; row++) {
      for (let column = 0; column < width; column++) {
        const source = block === 1 || column === block - 2 ? b : a
        values[(block * base + row) * width + column] = priorQuantile(priors[column]!.prior, source[row * width + column]!)
      }
    }
  }
  return values
}

function moments(blocks: readonly number[][]): { mean: number; variance: number } {
  let sum = 0
  for (const block of blocks) sum += block[0]! + block[1]!
  const mean = sum / (2 * blocks.length)
  let squares = 0
  for (const block of blocks) squares += (block[0]! - mean) ** 2 + (block[1]! - mean) ** 2
  return { mean, variance: squares / (2 * blocks.length - 1) }
}

function estimates(blocks: readonly number[][], order: readonly number[]): { first: number[]; total: number[] } {
  const chosen = order.map((i) => blocks[i]!)
  const { mean, variance } = moments(chosen)
  const width = chosen[0]!.length - 2
  const first = Array.from({ length: width }, () => 0)
  const total = Array.from({ length: width }, () => 0)
  if (variance === 0) return { first, total }
  for (const block of chosen) {
    const fA = block[0]! - mean
    const fB = block[1]! - mean
    for (let i = 0; i < width; i++) {
      const mixed = block[i + 2]! - mean
      first[i]! += fB * (mixed - fA)
      total[i]! += (fA - mixed) ** 2
    }
  }
  return {
    first: first.map((sum) => sum / chosen.length / variance),
    total: total.map((sum) => sum / (2 * chosen.length) / variance),
  }
}

function middle95(values: number[]): readonly [number, number] {
  if (values.length === 0) return [0, 0]
  const sorted = values.toSorted((a, b) => a - b)
  return [sortedQuantile(sorted, 0.025), sortedQuantile(sorted, 0.975)]
}
