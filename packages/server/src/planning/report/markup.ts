import { type LimitLanguage, limitLanguages } from '@cityloop/economy'
import { type FourTexts, type TextKey, texts } from './texts.ts'

/** Text made safe for HTML and SVG. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A text of the report in all four languages, of which the page shows one. */
export function t(key: TextKey): string {
  return inFour(texts[key])
}

/** Four texts as spans, of which the page shows one. */
export function inFour(four: FourTexts): string {
  return limitLanguages.map((language, i) => `<span class="l-${language}" lang="${language}">${escaped(four[i]!)}</span>`).join('')
}

/** Four texts as spans within an SVG text. */
export function inFourSvg(four: FourTexts): string {
  return limitLanguages.map((language, i) => `<tspan class="l-${language}" lang="${language}">${escaped(four[i]!)}</tspan>`).join('')
}

/** A number with thin spaces between thousands and at most `digits` significant digits below the point; the same in every language. */
export function shown(value: number, digits = 3): string {
  const size = Math.abs(value)
  if (size < 1e-12) return '0'
  if (size < 1e-4) return value.toExponential(1).replaceAll('-', '−')
  const decimals = size >= 100 || Number.isInteger(size) ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  const [whole = '', fraction] = size.toFixed(Math.min(decimals, 8)).split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')
  return `${value < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

/** A share of one as a percentage. */
export function percent(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)}\u202f%`
}

/** A whole page around its body; `language` is the one that is shown first. */
export function page(title: string, language: LimitLanguage, style: string, body: string): string {
  const switches = limitLanguages
    .map((code, i) => {
      const checked = code === language ? ' checked' : ''
      return `<label class="switch"><input type="radio" name="language" id="lang-${code}"${checked}><span lang="${code}">${languageNames[i]}</span></label>`
    })
    .join('')
  return (
    `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark">` +
    `<title>${escaped(title)}</title><style>${style}</style></head><body><main>` +
    `<fieldset class="languages"><legend>${t('language')}</legend>${switches}</fieldset>${body}</main></body></html>\n`
  )
}

const languageNames = ['English', 'Español', 'Português', '日本語']
