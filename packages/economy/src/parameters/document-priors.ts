import { elasticities, type ParameterName } from '../city-model/city-parameters.ts'
import type { NamedPrior } from '../uncertainty/priors.ts'
import type { ResolvedCity } from './resolve-city.ts'

/**
 * What a document leaves uncertain: the priors of the values in force, and of every hypothesis (its elasticity is drawn around the prior's mean). The prior
 * of a list is a factor on the whole list.
 */
export function documentPriors({ inForce, inputs }: Pick<ResolvedCity, 'inForce' | 'inputs'>): NamedPrior[] {
  const hypotheses = inputs.hypotheses.map(({ elasticity, prior }): NamedPrior => ({ name: elasticity, prior: { kind: 'normal', ...prior } }))
  const named = new Set<string>(hypotheses.map(({ name }) => name))
  const values = (Object.keys(inForce) as ParameterName[]).flatMap((name): NamedPrior[] => {
    const prior = inForce[name]?.prior
    if (prior === undefined || named.has(name) || elasticities.some((elasticity) => elasticity === name)) return []
    return [{ name, prior: 'sd' in prior ? { kind: 'normal', ...prior } : { kind: 'uniform', ...prior } }]
  })
  return [...hypotheses, ...values]
}
