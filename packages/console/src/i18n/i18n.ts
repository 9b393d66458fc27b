import { createInstance } from 'i18next'
import type { i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import { es } from './es.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'
import { vocabulary } from './vocabulary.ts'

/** Makes the translator, ready at once since all texts are in the program. The data's own words, types and attributes, stand apart under `word`. */
export function createI18n(language: string): i18n {
  const words = (column: number): Record<string, string> =>
    Object.fromEntries(Object.entries(vocabulary).map(([word, translations]) => [word, translations[column]!]))
  const instance = createInstance()
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: {
      en: { translation: { ...en, word: words(0) } },
      es: { translation: { ...es, word: words(1) } },
      pt: { translation: { ...pt, word: words(2) } },
      ja: { translation: { ...ja, word: words(3) } },
    },
  })
  return instance
}
