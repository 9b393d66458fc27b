import { type CheckDesign, type CheckPlan, type EffectScale, Refusal } from '@cityloop/economy'

const designs: readonly CheckDesign[] = ['differenceInDifferences', 'interruptedTimeSeries', 'syntheticControl', 'structuralTimeSeries']
const scales: readonly EffectScale[] = ['log', 'level']
const numbers = ['start', 'expected', 'alpha', 'power', 'minimumBefore', 'minimumAfter', 'maximumMissingShare'] as const

/** Parses a plan of a causal check from JSON; what has no meaning is refused, bounds are left to the check itself. */
export function parseCheckPlan(input: unknown): CheckPlan {
  const plan = objectOf(input, 'the plan')
  const design = oneOf(plan, 'design', designs)
  const scale = oneOf(plan, 'scale', scales)
  const given = numbers.filter((name) => plan[name] !== undefined)
  const [start, expected] = [numberOf(plan, 'start'), numberOf(plan, 'expected')]
  const known = new Set<string>([...numbers, 'design', 'scale', 'season', 'family', 'shape', 'intercept', 'wandering'])
  const unknown = Object.keys(plan).find((name) => !known.has(name))
  if (unknown !== undefined) refused(`the plan has no member ${unknown}; known are ${[...known].join(', ')}`)
  return {
    design,
    scale,
    ...Object.fromEntries(given.map((name) => [name, numberOf(plan, name)])),
    start,
    expected,
    ...(plan['season'] === undefined ? {} : { season: seasonOf(objectOf(plan['season'], 'season')) }),
    ...(plan['family'] === undefined ? {} : { family: oneOf(plan, 'family', ['gaussian', 'quasiPoisson'] as const) }),
    ...(plan['shape'] === undefined ? {} : { shape: oneOf(plan, 'shape', ['step', 'stepAndBend'] as const) }),
    ...(plan['intercept'] === undefined ? {} : { intercept: truthOf(plan, 'intercept') }),
    ...(plan['wandering'] === undefined ? {} : { wandering: wanderingOf(objectOf(plan['wandering'], 'wandering')) }),
  }
}

type Members = Readonly<Record<string, unknown>>

function seasonOf(season: Members): NonNullable<CheckPlan['season']> {
  return { period: numberOf(season, 'period'), harmonics: numberOf(season, 'harmonics') }
}

function wanderingOf(parts: Members): NonNullable<CheckPlan['wandering']> {
  return { level: truthOf(parts, 'level'), slope: truthOf(parts, 'slope'), season: truthOf(parts, 'season') }
}

function objectOf(value: unknown, name: string): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : refused(`${name} is no object`)
}

function numberOf(members: Members, name: string): number {
  const value = members[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : refused(`${name} is ${JSON.stringify(value)}, no number`)
}

function truthOf(members: Members, name: string): boolean {
  const value = members[name]
  return typeof value === 'boolean' ? value : refused(`${name} is ${JSON.stringify(value)}, neither true nor false`)
}

function oneOf<T extends string>(members: Members, name: string, words: readonly T[]): T {
  const value = members[name]
  return words.find((word) => word === value) ?? refused(`${name} is ${JSON.stringify(value)}; it must be one of ${words.join(', ')}`)
}

function refused(message: string): never {
  throw new Refusal([{ rule: 'plan', message }])
}
