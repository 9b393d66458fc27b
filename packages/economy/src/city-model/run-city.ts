import { canonicalJson } from '../hypotheses/canonical-json.ts'
import { sha256 } from '../hypotheses/sha256.ts'
import { type Finding, Refusal } from '../refusal.ts'
import { assumedElasticities, type CityInputs, requireRunnable } from './city-inputs.ts'
import type { CityYear } from './city-year.ts'
import { linearResponseResidual, moneyScaleResidual, peopleUnmoved } from './companion-checks.ts'
import { type IdentityCheck, requireIdentities } from './identities.ts'
import { type Simulation, simulate } from './simulate.ts'

/** A run that may be shown: every identity holds. */
export interface CityRun {
  readonly model: 'DCM-1'
  readonly name: string
  readonly moneyUnit: string
  readonly baseYear: number
  readonly sectors: readonly string[]
  /** SHA-256 of the canonical JSON (RFC 8785) of the inputs. */
  readonly inputsHash: string
  /** `accounting only`, or the hypotheses that the results stand on. */
  readonly assumes: 'accounting only' | readonly string[]
  readonly years: readonly CityYear[]
  readonly checks: readonly IdentityCheck[]
}

/**
 * Runs DCM-1 and checks ID1 to ID9. Throws a `Refusal` when the inputs cannot be run, when a non-zero elasticity names no hypothesis with prior and source,
 * or when a residual exceeds `identityTolerance`; results that fail are never returned. The same inputs give the same bytes.
 */
export function runCity(inputs: CityInputs): CityRun {
  requireRunnable(inputs)
  const assumed = assumedElasticities(inputs)
  const unsupported = assumed.filter((name) => !inputs.hypotheses.some((hypothesis) => hypothesis.elasticity === name && supported(hypothesis)))
  if (unsupported.length > 0) {
    throw new Refusal(
      unsupported.map((name): Finding => ({
        rule: 'hypothesis',
        account: name,
        message: `${name} is not zero and names no hypothesis with prior and source`,
      })),
    )
  }
  const simulation = simulate(inputs)
  const checks = identityChecks(inputs, simulation, assumed.length === 0)
  requireIdentities(checks)
  const standing = inputs.hypotheses.filter((hypothesis) => assumed.includes(hypothesis.elasticity)).map(({ id }) => id)
  return {
    model: 'DCM-1',
    name: inputs.name,
    moneyUnit: inputs.moneyUnit,
    baseYear: inputs.baseYear,
    sectors: inputs.sectors,
    inputsHash: sha256(canonicalJson(inputs)),
    assumes: standing.length === 0 ? 'accounting only' : standing,
    years: simulation.years,
    checks,
  }
}

function supported({ prior, source }: CityInputs['hypotheses'][number]): boolean {
  return Number.isFinite(prior.mean) && prior.sd > 0 && source.trim() !== ''
}

function identityChecks(inputs: CityInputs, simulation: Simulation, accountingOnly: boolean): IdentityCheck[] {
  const yearly = (['ID1', 'ID2', 'ID3', 'ID4', 'ID5', 'ID6'] as const).map((identity): IdentityCheck => {
    const values = simulation.residuals.map((residuals) => residuals[identity])
    const residual = Math.max(...values)
    return { identity, residual, worstYear: values.indexOf(residual) }
  })
  const people: IdentityCheck = accountingOnly
    ? { identity: 'ID7', residual: peopleUnmoved(inputs, simulation) ? 0 : Number.POSITIVE_INFINITY }
    : { identity: 'ID7', residual: 0, notTested: 'an elasticity is not zero' }
  const linear = linearResponseResidual(inputs, simulation)
  return [
    ...yearly,
    people,
    { identity: 'ID8', residual: moneyScaleResidual(inputs, simulation) },
    typeof linear === 'string' ? { identity: 'ID9', residual: 0, notTested: linear } : { identity: 'ID9', residual: linear },
  ]
}
