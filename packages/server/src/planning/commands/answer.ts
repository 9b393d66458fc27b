import { type LimitLanguage, limitLanguages, limitsIn, type LimitSubject } from '@cityloop/economy'

/** What a subcommand has to say, in every form it can be asked for. */
export interface Answer {
  readonly lines: readonly string[]
  readonly data: unknown
  readonly rows?: readonly (readonly (string | number | undefined)[])[]
  /** What the numbers are subject to, in the language asked for: printed below the lines and as comments below the rows. */
  readonly limits?: readonly string[]
  readonly html?: string
  /** Bytes of an `.xlsx`. */
  readonly workbook?: Uint8Array
  /** Something was checked and found wrong; exit code 1. */
  readonly wrong?: boolean
}

/** Words of a command after its options were read. */
export interface Asked {
  readonly files: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  /** Progress of long work, for people; silent under `--json`. */
  readonly tell: (text: string) => void
  /** The present instant (RFC 3339), for what is signed. */
  readonly now: () => string
}

/** An answer with the limits of its subject beside its numbers: in its data, below its lines and below its rows. `more` adds limits of a single number. */
export function limited(
  asked: Asked,
  subject: LimitSubject,
  answer: Omit<Answer, 'data' | 'limits'> & { readonly data: object },
  more: readonly string[] = [],
): Answer {
  const limits = [...limitsIn(languageOf(asked), subject), ...more]
  return { ...answer, data: { ...answer.data, limits }, limits }
}

/** The language that `--language` names; English when it is left out. */
export function languageOf(asked: Asked): LimitLanguage {
  const code = textOption(asked, 'language') ?? 'en'
  const language = limitLanguages.find((known) => known === code)
  if (language === undefined) throw new UsageError(`--language is ${code}; it must be one of ${limitLanguages.join(', ')}`)
  return language
}

/** The caller asked for something that cannot be; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** The text of an option, or `undefined`. */
export function textOption(asked: Asked, name: string): string | undefined {
  const value = asked.options[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times. */
export function textsOption(asked: Asked, name: string): string[] {
  const value = asked.options[name]
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : []
}

/** The whole number of an option within bounds, or the fallback. */
export function wholeOption(asked: Asked, name: string, fallback: number, least: number, most: number): number {
  const text = textOption(asked, name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most)
    throw new UsageError(`--${name} is ${text}; a whole number from ${least} to ${most} is needed`)
  return value
}

/** The only file of a command. */
export function onlyFile(asked: Asked, what: string): string {
  const [file, ...others] = asked.files
  if (file === undefined) throw new UsageError(`${what} is missing`)
  if (others.length > 0) throw new UsageError(`one file is read, not also ${others.join(', ')}`)
  return file
}
