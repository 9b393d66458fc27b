/** A bell over ages, normalised to sum one: exp(−((age + shift − mean) / sd)² / 2) within [from, to), zero outside. */
export interface Bell {
  readonly mean: number
  readonly sd: number
  readonly shift: number
  readonly from: number
  readonly to: number
}

/** Shares by single age 0 to `oldest` that sum to one. */
export function bellProfile(bell: Bell, oldest = 100): number[] {
  const weights = Array.from({ length: oldest + 1 }, (_, age) =>
    age >= bell.from && age < bell.to ? Math.exp(-0.5 * ((age + bell.shift - bell.mean) / bell.sd) ** 2) : 0,
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** A value for every age of a band [from, to]; ages outside all bands hold zero. */
export interface Band {
  readonly from: number
  readonly to: number
  readonly value: number
}

/** One value per single age 0 to `oldest`: the same for every age within a band. */
export function bandedProfile(bands: readonly Band[], oldest = 100): number[] {
  return Array.from({ length: oldest + 1 }, (_, age) => bands.find((band) => age >= band.from && age <= band.to)?.value ?? 0)
}

/**
 * Persons by single age from three published bands (0-14, 15-64, 65 and over): evenly within the younger two, and like the stationary population of the
 * life table within the oldest. A stand-in until the city's own ages are loaded.
 */
export function pyramidOfBands(
  bands: { readonly young: number; readonly working: number; readonly old: number },
  years: readonly number[],
): number[] {
  const lived = years.slice(65).reduce((sum, value) => sum + value, 0)
  return years.map((value, age) => (age < 15 ? bands.young / 15 : age < 65 ? bands.working / 50 : (bands.old * value) / lived))
}
