import type { MouseEvent, ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import type { Pane } from './view.ts'
import classes from './shell.module.css'

type SkipLinksProps = {
  readonly hasList: boolean
  readonly hasEntity: boolean
  /** The one pane that is shown, on a phone. */
  readonly onlyPane: Pane | null
}

/** The first tab stops: straight to a panel, seen when focused. */
export function SkipLinks({ hasList, hasEntity, onlyPane }: SkipLinksProps): ReactNode {
  const { t } = useTexts()
  const links = [
    { to: 'layers', label: t('skip.toLayers') },
    { to: 'map', label: t('skip.toMap') },
    ...(hasList ? [{ to: 'list', label: t('skip.toList') }] : []),
    ...(hasEntity ? [{ to: 'entity', label: t('skip.toEntity') }] : []),
    { to: 'time', label: t('skip.toTime') },
  ].filter(({ to }) => onlyPane === null || to === onlyPane || to === 'time')
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
