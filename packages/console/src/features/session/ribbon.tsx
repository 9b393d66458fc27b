import { IconAlertTriangle, IconFlask } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './session.module.css'

/** The strip above everything that says the server is open, or the city made up. */
export function Ribbon({ kind }: { readonly kind: 'open' | 'synthetic' }): ReactNode {
  const { t } = useTexts()
  const Icon = kind === 'open' ? IconAlertTriangle : IconFlask
  return (
    <aside className={classes.ribbon} data-kind={kind} aria-labelledby="ribbon-text">
      <Icon size={15} aria-hidden />
      <span id="ribbon-text">{kind === 'open' ? t('ribbon.open') : t('ribbon.synthetic')}</span>
    </aside>
  )
}
