import type { ReactNode } from 'react'
import { shortId } from '../../api/entity.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './entity.module.css'

type ContentProps = {
  readonly value: unknown
  readonly isLink: boolean
  readonly timeZone: string
  readonly onSelect: (id: string, type: string) => void
}

/** What an attribute says, whatever shape it has: numbers by the language, links to follow, positions short, structures unfolded. */
export function Content(props: ContentProps): ReactNode {
  const { t, language, word } = useTexts()
  const { value } = props
  if (typeof value === 'number') return <span className="numeric">{formatNumber(value, language)}</span>
  if (typeof value === 'boolean') return value ? t('entity.yes') : t('entity.no')
  if (typeof value === 'string') {
    if (props.isLink) {
      return (
        <button
          type="button"
          className={`plainButton ${classes.link}`}
          aria-label={`${t('entity.relatedTo')}: ${value}`}
          onClick={() => props.onSelect(value, value.split(':')[2] ?? '')}
        >
          {shortId(value)}
        </button>
      )
    }
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))
      ? formatInstant(Date.parse(value), language, props.timeZone)
      : value
  }
  if (Array.isArray(value)) {
    const parts = value as unknown[]
    return (
      <>
        {parts.slice(0, mostParts).map((part, at) => (
          // A list's parts have no other name than their place.
          <span key={at}>
            {at > 0 && ', '}
            <Content {...props} value={part} />
          </span>
        ))}
        {parts.length > mostParts && ' …'}
      </>
    )
  }
  if (typeof value === 'object' && value !== null) {
    const structure = value as Readonly<Record<string, unknown>>
    if (structure['type'] === 'Point' && Array.isArray(structure['coordinates'])) {
      const [lon, lat] = structure['coordinates'] as unknown[]
      return <span className="numeric">{`${toDegrees(lat)}, ${toDegrees(lon)}`}</span>
    }
    if (typeof structure['type'] === 'string' && Array.isArray(structure['coordinates'])) return structure['type']
    const texts = structure['@value'] ?? structure['@id']
    if (texts !== undefined) return <Content {...props} value={texts} />
    return (
      <dl className={classes.structure}>
        {Object.entries(structure).map(([key, member]) => (
          <div key={key}>
            <dt>{word(key)}</dt>
            <dd>
              <Content {...props} value={member} />
            </dd>
          </div>
        ))}
      </dl>
    )
  }
  return '–'
}

const mostParts = 12

function toDegrees(value: unknown): string {
  return typeof value === 'number' ? (Math.abs(value) <= 360 ? value.toFixed(5) : String(value)) : '–'
}
