import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { spellOut } from './vocabulary.ts'

/** What a component needs to speak: texts, the data's words, reasons of failures, and the language for numbers and dates. */
export type Speech = {
  readonly t: TFunction
  readonly language: string
  readonly word: (name: string) => string
  readonly reason: (error: unknown) => string
}

/** The texts in the language chosen; re-renders when it changes. */
export function useTexts(): Speech {
  const { t, i18n } = useTranslation()
  return {
    t,
    language: i18n.language,
    // Names of attributes may hold dots and colons, which are no paths here.
    // Old data sets write NO2 where the context says no2.
    word: (name) =>
      t([`word.${name}`, `word.${name.toLowerCase()}`], {
        defaultValue: spellOut(name),
        keySeparator: name.includes('.') ? false : '.',
        nsSeparator: false,
      }),
    reason: (error) => {
      if (error instanceof ApiError) return error.message
      if (error instanceof TypeError) return t('error.offline')
      return error instanceof Error ? error.message : t('error.unknown')
    },
  }
}
