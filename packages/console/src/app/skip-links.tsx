import type { MouseEvent, ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import type { Pane, Side } from './view.ts'
import classes from './shell.module.css'

type SkipLinksProps = {
  /** Another page than the city is one panel. */
  readonly isCity: boolean
  readonly side: Side
  readonly hasList: boolean
  readonly hasEntity: boolean
  /** The one pane that is shown, on a phone. */
  readonly onlyPane: Pane | null
}

/** The first tab stops: straight to a panel, seen when focused. */
export function SkipLinks({ isCity, side, hasList, hasEntity, onlyPane }: SkipLinksProps): ReactNode {
  const { t } = useTexts()
  const city = [
    side === 'alerts' ? { to: 'alerts', label: t('alerts.skip') } : { to: 'layers', label: t('skip.toLayers') },
    { to: 'map', label: t('skip.toMap') },
    ...(hasList ? [{ to: 'list', label: t('skip.toList') }] : []),
    ...(hasEntity ? [{ to: 'entity', label: t('skip.toEntity') }] : []),
    { to: 'time', label: t('skip.toTime') },
  ].filter(({ to }) => onlyPane === null || to === onlyPane || to === 'time')
  const links = isCity ? city : [{ to: 'page', label: t('page.skip') }]
  // The address is the screen's state: a fragment must not change it.
  const go = (event: MouseEvent, id: string): void => {
    event.preventDefault()
    document.getElementById(id)?.focus()
  }
  return (
    <nav className={classes.skip} aria-label={t('skip.label')}>
      {links.map(({ to, label }) => (
        <a key={to} href={`#${to}`} onClick={(event) => go(event, to)}>
          {label}
        </a>
      ))}
    </nav>
  )
}
