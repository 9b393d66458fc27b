/** Speed of `maxspeed` in km/h: plain numbers, `mph`, `knots`, `walk`, `none`; undefined for what is no figure (`RU:urban`, `signals`). */
export function parseSpeedKmh(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (value === 'none') return 130
  if (value === 'walk') return 7
  const match = /^(\d+(?:\.\d+)?)\s*(km\/h|kmh|mph|knots)?$/.exec(value.trim())
  if (match === null) return undefined
  const factor = match[2] === 'mph' ? 1.609344 : match[2] === 'knots' ? 1.852 : 1
  const speed = Number(match[1]) * factor
  return speed > 0 ? speed : undefined
}

/** Length of `maxheight`, `maxwidth` in centimetres: metres without a unit, `m`, `cm`, or feet and inches (`12'6"`, `12 ft`). */
export function parseLengthCm(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const metric = /^(\d+(?:[.,]\d+)?)\s*(m|cm|meters?|metres?)?$/.exec(text)
  if (metric !== null) return positive(Number(metric[1]!.replace(',', '.')) * (metric[2] === 'cm' ? 1 : 100))
  const feet = /^(\d+(?:\.\d+)?)\s*(?:'|ft|feet)\s*(?:(\d+(?:\.\d+)?)\s*(?:"|''|in)?)?$/.exec(text)
  if (feet !== null) return positive(Number(feet[1]) * 30.48 + Number(feet[2] ?? 0) * 2.54)
  return undefined
}

/** Weight of `maxweight` in kilograms: tonnes without a unit, `t`, `kg`, `lbs`, `st` (short tons). */
export function parseWeightKg(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const match = /^(\d+(?:[.,]\d+)?)\s*(t|tonnes?|kg|lbs?|st)?$/.exec(value.trim())
  if (match === null) return undefined
  const unit = match[2] ?? 't'
  const factor = unit === 'kg' ? 1 : unit.startsWith('lb') ? 0.45359237 : unit === 'st' ? 907.18474 : 1000
  return positive(Number(match[1]!.replace(',', '.')) * factor)
}

/** `duration` of a ferry in seconds: `HH:MM`, `HH:MM:SS`, minutes, or ISO 8601 (`PT1H30M`). */
export function parseDurationS(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const clock = /^(\d+):(\d{2})(?::(\d{2}))?$/.exec(value)
  if (clock !== null) return positive(Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0))
  if (/^\d+$/.test(value)) return positive(Number(value) * 60)
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(value)
  if (iso !== null) return positive(Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0))
  return undefined
}

function positive(value: number): number | undefined {
  return value > 0 ? Math.round(value) : undefined
}
