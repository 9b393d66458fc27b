import { IconCircleFilled, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { formatAge } from '../../format/age.ts'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Feed, FeedState } from './feed.ts'
import classes from './lamp.module.css'

/** The lamp that tells whether the screen follows the city: colour, shape and word together. */
export function Lamp({ feed }: { readonly feed: Feed }): ReactNode {
  const { t, language } = useTexts()
  const state = useSyncExternalStore(feed.subscribe, feed.getState)
  const now = useNow(1_000)
  const last = state.lastHeardMs
  const age = last === null ? t('feed.neverHeard') : t('feed.lastHeard', { age: formatAge(last, now, language) })
  return (
    <div className={classes.lamp} data-state={state.kind} role="status" aria-label={t('feed.lamp')} title={age}>
      <LampIcon kind={state.kind} />
      <span>{t(`feed.${state.kind}`)}</span>
      {state.kind === 'offline' && (
        <span className={classes.age} aria-hidden>
          {age}
        </span>
      )}
    </div>
  )
}

function LampIcon({ kind }: { readonly kind: FeedState['kind'] }): ReactNode {
  switch (kind) {
    case 'live':
      return <IconCircleFilled size={12} aria-hidden />
    case 'catchingUp':
    case 'reconnecting':
      return <IconRefresh size={15} aria-hidden />
    case 'offline':
      return <IconPlugConnectedX size={16} aria-hidden />
  }
}
