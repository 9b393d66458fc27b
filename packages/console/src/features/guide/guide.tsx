import { ActionIcon, Button } from '@mantine/core'
import { IconBell, IconHistory, IconMapPin, IconSearch, IconStack2, IconTool, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './guide.module.css'

type GuideProps = {
  readonly city: string | null
  /** Whether somebody asked for it: then it takes the focus. */
  readonly isAsked: boolean
  /** Opens a thing as an example; null while there is none. */
  readonly onExample: (() => void) | null
  readonly onClose: () => void
}

const points = [
  { name: 'layers', Icon: IconStack2 },
  { name: 'point', Icon: IconMapPin },
  { name: 'time', Icon: IconHistory },
  { name: 'alerts', Icon: IconBell },
  { name: 'search', Icon: IconSearch },
  { name: 'pages', Icon: IconTool },
] as const

/** What there is on the screen and what can be done with it, in a minute's reading. */
export function Guide({ city, isAsked, onExample, onClose }: GuideProps): ReactNode {
  const { t } = useTexts()
  const element = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isAsked) element.current?.focus()
  }, [isAsked])
  return (
    <aside
      ref={element}
      className={classes.guide}
      aria-labelledby="guide-title"
      id="guide"
      tabIndex={-1}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose()
      }}
    >
      <header className={classes.head}>
        <h2 id="guide-title" className={classes.title}>
          {t('guide.title', { city: city ?? t('app.unnamedCity') })}
        </h2>
        <ActionIcon variant="subtle" color="gray" aria-label={t('guide.close')} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      <p className={classes.about}>{t('guide.about')}</p>
      <ul className={classes.points}>
        {points.map(({ name, Icon }) => (
          <li key={name}>
            <Icon size={18} aria-hidden />
            <span>
              <strong>{t(`guide.${name}.head`)}</strong> {t(`guide.${name}.text`)}
            </span>
          </li>
        ))}
      </ul>
      <div className={classes.actions}>
        {onExample !== null && (
          <Button size="compact-sm" onClick={onExample}>
            {t('guide.example')}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t('guide.understood')}
        </Button>
      </div>
    </aside>
  )
}
