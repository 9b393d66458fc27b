import { IconBell, IconInfoCircle, IconList, IconMap, IconStack2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import { panes } from './view.ts'
import type { Pane } from './view.ts'
import classes from './shell.module.css'

const icons = { list: IconList, map: IconMap, layers: IconStack2, entity: IconInfoCircle, alerts: IconBell }

/** A phone's way between panes, the list first. */
export function PaneTabs({ pane, onPane }: { readonly pane: Pane; readonly onPane: (pane: Pane) => void }): ReactNode {
  const { t } = useTexts()
  return (
    <nav className={classes.tabs} aria-label={t('panes.label')}>
      {panes.map((each) => {
        const Icon = icons[each]
        return (
          <button key={each} type="button" className={classes.tab} aria-current={each === pane} onClick={() => onPane(each)}>
            <Icon size={20} aria-hidden />
            {t(`panes.${each}`)}
          </button>
        )
      })}
    </nav>
  )
}
