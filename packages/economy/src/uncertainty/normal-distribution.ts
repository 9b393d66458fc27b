/** The quantile of the standard normal distribution, to about 1e-16 relative (Wichura 1988, algorithm AS 241 PPND16). Throws outside (0, 1). */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`A normal quantile needs a probability between 0 and 1, not ${probability}`)
  const q = probability - 0.5
  if (Math.abs(q) <= 0.425) return (q * polynomial(central.over, 0.180625 - q * q)) / polynomial(central.under, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability))
  const [part, shift] = r <= 5 ? [middle, 1.6] : [tail, 5]
  const value = polynomial(part.over, r - shift) / polynomial(part.under, r - shift)
  return q < 0 ? -value : value
}

/** The standard normal distribution function, to about 1e-15 (complementary error function by series and continued fraction). */
export function normalProbability(z: number): number {
  if (Math.abs(z) < 3) return 0.5 + density(z) * oddSeries(z)
  if (Math.abs(z) > 38) return z < 0 ? 0 : 1
  const tailMass = density(z) / millsFraction(Math.abs(z))
  return z < 0 ? tailMass : 1 - tailMass
}

// Coefficients from the lowest power up.
const central = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
    2509.0809287301227,
  ],
  under: [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852546],
}
const middle = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184,
    0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
    1.0507500716444169e-9,
  ],
}
const tail = {
  over: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5,
    2.0103343992922881e-7,
  ],
  under: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7,
    2.0442631033899397e-15,
  ],
}

function density(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
}

function oddSeries(z: number): number {
  let term = z
  let sum = z
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (z * z) / (2 * k + 1)
    sum += term
  }
  return sum
}

function millsFraction(z: number): number {
  let fraction = z
  for (let k = 80; k >= 1; k--) fraction = z + k / fraction
  return fraction
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!
  return sum
}
