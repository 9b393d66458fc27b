import type { Finding } from '../refusal.ts'
import type { Change, CityInputs } from './city-inputs.ts'
import { ageCount, type CityParameters, parameterDefinitions } from './city-parameters.ts'

/** The parameters in force in year t of the run: the base with every change that has begun; the base itself when none has. */
export function parametersOfYear(inputs: Pick<CityInputs, 'parameters' | 'changes'>, t: number): CityParameters {
  const active = inputs.changes.filter((change) => t >= (change.fromYear ?? 0) && t < (change.untilYear ?? Number.POSITIVE_INFINITY))
  if (active.length === 0) return inputs.parameters
  const changed: Record<string, unknown> = { ...inputs.parameters }
  for (const change of active) changed[change.parameter] = changedValue(changed[change.parameter], change, strength(change, t))
  return changed as unknown as CityParameters
}

/** Every change that names no place, comes too late for a stock of the first year, or holds no number. */
export function changeFindings(inputs: CityInputs): Finding[] {
  return inputs.changes.flatMap((change) => {
    const at = (message: string): Finding[] => [{ rule: 'change', account: change.parameter, message: `change of ${change.parameter}: ${message}` }]
    if (!Object.hasOwn(parameterDefinitions, change.parameter)) return at('there is no such parameter')
    const { shape, initialOnly } = parameterDefinitions[change.parameter]
    if (!Number.isFinite(change.value)) return at(`its value is ${change.value}`)
    if (shape === 'matrix') return at('input coefficients are fixed within a run; load another table')
    if (change.index !== undefined) {
      const count = shape === 'age' ? ageCount : shape === 'sector' ? inputs.sectors.length : 0
      if (!Number.isInteger(change.index) || change.index < 0 || change.index >= count) return at(`it has no place ${change.index}`)
    }
    if (initialOnly && ((change.fromYear ?? 0) > 0 || (change.rampYears ?? 0) > 0)) return at('a stock of the first year cannot change later')
    for (const years of [change.fromYear, change.untilYear, change.rampYears]) {
      if (years !== undefined && !(Number.isInteger(years) && years >= 0)) return at(`${years} is no whole number of years`)
    }
    return []
  })
}

function changedValue(value: unknown, change: Change, share: number): unknown {
  if (!Array.isArray(value)) return changedNumber(Number(value), change, share)
  return value.map((cell: number, i) => (change.index === undefined || change.index === i ? changedNumber(cell, change, share) : cell))
}

function changedNumber(value: number, { operation, value: size }: Change, share: number): number {
  switch (operation) {
    case 'set':
      return share === 1 ? size : value + share * (size - value)
    case 'add':
      return value + share * size
    case 'scale':
      return value * (1 + share * (size - 1))
  }
}

function strength(change: Change, t: number): number {
  const ramp = change.rampYears ?? 0
  return ramp === 0 ? 1 : Math.min(1, (t - (change.fromYear ?? 0) + 1) / ramp)
}
