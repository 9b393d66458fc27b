import { FormatError, type Benchmark, type Rounding } from './benchmark.ts'
import { readCordeau } from './cordeau.ts'
import { readLiLim } from './li-lim.ts'
import { readSolomon } from './solomon.ts'
import { readVrplib } from './vrplib.ts'

/** Recognises a published instance by its content and reads it; `dimacs` asks Solomon's text for that rounding. Throws `FormatError`. */
export function readBenchmark(text: string, options: { dimacs?: boolean; rounding?: Rounding } = {}): Benchmark {
  if (/^\s*DIMENSION\s*:/m.test(text)) return readVrplib(text, options.rounding)
  if (/NUMBER\s+CAPACITY/i.test(text)) return readSolomon(text, options.dimacs)
  const [first, second] = text
    .trim()
    .split(/\r?\n/, 2)
    .map((line) => line.trim().split(/\s+/))
  if (first?.length === 3 && second?.length === 9) return readLiLim(text)
  if (first?.length === 4 && second?.length === 2) return readCordeau(text)
  throw new FormatError('The text is none of VRPLIB, Solomon, Li and Lim, Cordeau')
}
