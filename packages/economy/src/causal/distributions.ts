import { normalProbability, normalQuantile } from '../uncertainty/normal-distribution.ts'

/** Student's t distribution function with `df` degrees of freedom (a real number above 0). */
export function studentProbability(t: number, df: number): number {
  checkDegrees(df)
  if (df > 1e7) return normalProbability(t)
  const tail = 0.5 * regularizedBeta(df / (df + t * t), df / 2, 0.5)
  return t > 0 ? 1 - tail : tail
}

/** The two-sided p of a t statistic. */
export function studentTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentProbability(-Math.abs(t), df))
}

/** The quantile of Student's t, by bisection to about 1e-12. Throws outside (0, 1). */
export function studentQuantile(probability: number, df: number): number {
  checkDegrees(df)
  const normal = normalQuantile(probability)
  if (df > 1e7 || normal === 0) return normal
  let low = 0
  let high = Math.max(1, Math.abs(normal))
  const tail = Math.min(probability, 1 - probability)
  while (studentProbability(-high, df) > tail) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2
    if (studentProbability(-middle, df) > tail) low = middle
    else high = middle
  }
  return normal < 0 ? -(low + high) / 2 : (low + high) / 2
}

/** The upper tail of the chi-square distribution. */
export function chiSquareTail(value: number, df: number): number {
  checkDegrees(df)
  return value <= 0 ? 1 : 1 - regularizedGamma(df / 2, value / 2)
}

/** ln Gamma(x) for x > 0 (Lanczos, g = 7, about 1e-15). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = 0.9999999999998099
  lanczos.forEach((coefficient, i) => {
    sum += coefficient / (x + i)
  })
  const shifted = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shifted) - shifted + Math.log(sum)
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012, 9.984369578019572e-6,
  1.5056327351493116e-7,
]

function checkDegrees(df: number): void {
  if (!(df > 0)) throw new RangeError(`Degrees of freedom must be above 0, not ${df}`)
}

/** I_x(a, b) by Lentz's continued fraction. */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return front * fraction
}

/** P(a, x) by its series below a + 1, by continued fraction above. */
function regularizedGamma(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let k = 1; term > 1e-17 * sum; k++) {
      term *= x / (a + k)
      sum += term
    }
    return front * sum
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let k = 1; k < 10_000; k++) {
    b += 2
    d = 1 / away(-k * (k - a) * d + b)
    c = away(b - (k * (k - a)) / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return 1 - front * fraction
}

/** Keeps a continued fraction's denominator away from zero. */
function away(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}
