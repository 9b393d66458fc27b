import { type Band, bandedProfile, bellProfile, pyramidOfBands } from '../population/age-profile.ts'
import { makehamPersonYears } from '../population/life-table.ts'
import { refuse } from '../refusal.ts'
import { type Json, listAt, numberAt, objectAt, onlyKeys } from './read-json.ts'

/**
 * A list by age that is built from few numbers, for cities whose ages are not loaded yet.
 * - `makeham`: person-years of a Gompertz-Makeham life table, force c + exp(a + b·age).
 * - `bands`: the same value at every age of a band.
 * - `bell`: shares around a mean age, summing to one.
 * - `ageBands`: persons of three published bands times `share`; the oldest band falls like the life table `c + exp(a + b·age)`.
 */
export type BuiltValue =
  | { readonly form: 'makeham'; readonly a: number; readonly b: number; readonly c: number }
  | { readonly form: 'bands'; readonly bands: readonly Band[] }
  | { readonly form: 'bell'; readonly mean: number; readonly sd: number; readonly shift: number; readonly from: number; readonly to: number }
  | {
      readonly form: 'ageBands'
      readonly young: number
      readonly working: number
      readonly old: number
      readonly share: number
      readonly a: number
      readonly b: number
      readonly c: number
    }

/** Parses a built value by its `form`. */
export function parseBuiltValue(input: Json, at: string): BuiltValue {
  const built = objectAt(input, at)
  const numbers = <K extends string>(...names: readonly K[]): Record<K, number> => {
    onlyKeys(built, ['form', ...names], at)
    return Object.fromEntries(names.map((name) => [name, numberAt(built[name], `${at}.${name}`)])) as Record<K, number>
  }
  switch (built['form']) {
    case 'makeham':
      return { form: 'makeham', ...numbers('a', 'b', 'c') }
    case 'bell':
      return { form: 'bell', ...numbers('mean', 'sd', 'shift', 'from', 'to') }
    case 'ageBands':
      return { form: 'ageBands', ...numbers('young', 'working', 'old', 'share', 'a', 'b', 'c') }
    case 'bands':
      onlyKeys(built, ['form', 'bands'], at)
      return { form: 'bands', bands: listAt(built['bands'], `${at}.bands`, parseBand, 200) }
    default:
      return refuse('value', `${at}.form is ${String(built['form'])}; it must be makeham, bands, bell or ageBands`, { account: at })
  }
}

/** The list that a built value stands for. */
export function builtList(value: BuiltValue): readonly number[] {
  switch (value.form) {
    case 'makeham':
      return makehamPersonYears(value.a, value.b, value.c)
    case 'bands':
      return bandedProfile(value.bands)
    case 'bell':
      return bellProfile(value)
    case 'ageBands':
      return pyramidOfBands(value, makehamPersonYears(value.a, value.b, value.c)).map((persons) => persons * value.share)
  }
}

function parseBand(input: Json, at: string): Band {
  const band = objectAt(input, at)
  onlyKeys(band, ['from', 'to', 'value'], at)
  return { from: numberAt(band['from'], `${at}.from`), to: numberAt(band['to'], `${at}.to`), value: numberAt(band['value'], `${at}.value`) }
}
