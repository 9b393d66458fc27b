import { NgsiLdError, expandTerm, parseAggregation, parseLastN, parseTemporalQuery, scopeName } from '@cityloop/ngsi-ld'
import type { Aggregation, Context, Instant, TemporalQuery } from '@cityloop/ngsi-ld'
import type { Parameters } from '../exchange.ts'
import { readAttrs } from './read-query.ts'

export const temporalParameters = ['aggrMethods', 'aggrPeriodDuration', 'endTimeAt', 'lastN', 'timeAt', 'timeproperty', 'timerel'] as const

/** The temporal query of the parameters (CIM 009, 4.11); without `timerel`, all times. */
export function readTemporal(parameters: Parameters): TemporalQuery {
  const part = (name: 'timerel' | 'timeAt' | 'endTimeAt' | 'timeproperty'): object => {
    const value = parameters.get(name)
    return value === undefined ? {} : { [name]: value }
  }
  return parseTemporalQuery({ ...part('timerel'), ...part('timeAt'), ...part('endTimeAt'), ...part('timeproperty') })
}

/** Which attributes are wanted, and how many instances of each. */
export type Wanted = { readonly attributes?: readonly string[]; readonly lastN?: number; readonly knownAt?: Instant }

export function readWanted(parameters: Parameters, context: Context, knownAt: Instant | undefined): Wanted {
  const picked = parameters.list('pick')?.filter((name) => name !== 'id' && name !== 'type')
  const attributes = readAttrs(parameters, context) ?? picked?.map((name) => (name === 'scope' ? scopeName : expandTerm(context, name)))
  const lastN = readLastN(parameters)
  return {
    ...(attributes === undefined || attributes.length === 0 ? {} : { attributes }),
    ...(lastN === undefined ? {} : { lastN }),
    ...(knownAt === undefined ? {} : { knownAt }),
  }
}

export function readLastN(parameters: Parameters): number | undefined {
  const lastN = parameters.get('lastN')
  return lastN === undefined ? undefined : parseLastN(lastN)
}

/** The aggregation that is asked for (4.5.19); `undefined` where values themselves are. Who names methods and no other format asks for it. */
export function readAggregation(parameters: Parameters): Aggregation | undefined {
  const methods = parameters.get('aggrMethods')
  const isAsked = parameters.options.has('aggregatedValues')
  if (!isAsked && (methods === undefined || parameters.options.has('temporalValues'))) return undefined
  if (methods === undefined) throw new NgsiLdError('BadRequestData', 'aggrMethods must be given for aggregated values')
  return parseAggregation(methods, parameters.get('aggrPeriodDuration'))
}

/** Evolutions can be ordered by id alone (5.7.4.4). */
export function readIdOrder(parameters: Parameters): 'asc' | 'desc' {
  const orderBy = parameters.get('orderBy') ?? 'id'
  if (orderBy === 'id' || orderBy === 'id;asc') return 'asc'
  if (orderBy === 'id;desc') return 'desc'
  throw new NgsiLdError('BadRequestData', `Evolutions can be ordered by id alone, not by ${orderBy}`)
}
