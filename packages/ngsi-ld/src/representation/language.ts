import { badRequest } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'

/** Language ranges, the most wanted first; `*` is any. */
export type Languages = readonly string[]

const range = /^\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/

/** Reads a language filter such as `fr-CH,fr;q=0.9,*;q=0.5` (4.15, RFC 3282). Throws `BadRequestData`. */
export function parseLanguages(text: string): Languages {
  return text
    .split(',')
    .map((part) => {
      const match = range.exec(part)
      if (match === null) throw badRequest(`lang has ${JSON.stringify(part.slice(0, 80))}, which is no language range`)
      return { tag: (match[1] ?? '*').toLowerCase(), quality: Number(match[2] ?? 1) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

/**
 * The tag of the language map that serves the ranges best: each range in turn, itself, then shortened, then lengthened; failing all, the default language
 * or the first. `undefined` for an empty map.
 */
export function findLanguage(languageMap: JsonObject, languages: Languages): string | undefined {
  const tags = Object.keys(languageMap)
  for (const wanted of languages) {
    if (wanted === '*') break
    for (let range = wanted; range !== ''; range = range.slice(0, Math.max(range.lastIndexOf('-'), 0))) {
      const tag = tags.find((tag) => tag.toLowerCase() === range)
      if (tag !== undefined) return tag
    }
    const longer = tags.find((tag) => tag.toLowerCase().startsWith(`${wanted}-`))
    if (longer !== undefined) return longer
  }
  return tags.includes('@none') ? '@none' : tags[0]
}

/** The text of a language map in the language that serves the ranges best, and that language. */
export function findText(languageMap: JsonObject, languages: Languages): { readonly text: Json; readonly lang: string } | undefined {
  const lang = findLanguage(languageMap, languages)
  return lang === undefined ? undefined : { text: languageMap[lang] as Json, lang }
}
