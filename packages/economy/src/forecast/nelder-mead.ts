export interface Minimum {
  readonly at: readonly number[]
  readonly value: number
  readonly evaluations: number
}

/**
 * The lowest point of a function by the downhill simplex (Nelder and Mead 1965), started from `start` with steps along each axis.
 * Deterministic. Stops when the simplex's values agree to `tolerance` or after `maximum` evaluations; a value that is no number counts as infinitely high.
 */
export function nelderMead(
  of: (point: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  { tolerance = 1e-9, maximum = 500 }: { readonly tolerance?: number; readonly maximum?: number } = {},
): Minimum {
  let evaluations = 0
  const valued = (at: readonly number[]): Vertex => {
    evaluations += 1
    const value = of(at)
    return { at, value: Number.isNaN(value) ? Infinity : value }
  }
  const simplex = [valued(start), ...start.map((_, axis) => valued(start.map((x, i) => (i === axis ? x + steps[axis]! : x))))]
  for (;;) {
    simplex.sort((a, b) => a.value - b.value)
    const best = simplex[0]!
    const worst = simplex.at(-1)!
    if (evaluations >= maximum || !(worst.value - best.value > tolerance * (Math.abs(best.value) + tolerance))) {
      return { at: best.at, value: best.value, evaluations }
    }
    const centre = start.map((_, i) => simplex.slice(0, -1).reduce((sum, vertex) => sum + vertex.at[i]!, 0) / start.length)
    const towards = (factor: number): Vertex => valued(centre.map((c, i) => c + factor * (worst.at[i]! - c)))
    const reflected = towards(-1)
    if (reflected.value < best.value) {
      const expanded = towards(-2)
      simplex[start.length] = expanded.value < reflected.value ? expanded : reflected
    } else if (reflected.value < simplex.at(-2)!.value) {
      simplex[start.length] = reflected
    } else {
      const contracted = towards(reflected.value < worst.value ? -0.5 : 0.5)
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[start.length] = contracted
      else {
        for (let i = 1; i < simplex.length; i++) simplex[i] = valued(simplex[i]!.at.map((x, j) => best.at[j]! + 0.5 * (x - best.at[j]!)))
      }
    }
  }
}

interface Vertex {
  readonly at: readonly number[]
  readonly value: number
}
