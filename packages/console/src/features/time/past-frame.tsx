import { IconHistory } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { TimeChoice } from '../../api/time-choice.ts'
import { formatInstant } from '../../format/civil-time.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './time.module.css'

/** The red frame around everything, with the moment in words, while the screen does not show the present. */
export function PastFrame({ time, timeZone }: { readonly time: TimeChoice; readonly timeZone: string }): ReactNode {
  const { t, language } = useTexts()
  if (time.mode === 'live') return null
  return (
    <>
      <div className={classes.frame} data-past-frame />
      <p className={classes.notLive} role="status">
        <IconHistory size={15} aria-hidden />
        {t('time.notLive')}
        {' · '}
        {time.mode === 'known' ? t('time.known') : t('time.true')}
        {' · '}
        <time dateTime={new Date(time.atMs).toISOString()}>{formatInstant(time.atMs, language, timeZone)}</time>
      </p>
    </>
  )
}
