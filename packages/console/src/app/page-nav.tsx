import { ActionIcon, Menu } from '@mantine/core'
import { IconBinary, IconBuildingCommunity, IconCpu, IconGavel, IconMenu2, IconShieldExclamation } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import { pages } from './view.ts'
import type { PageName } from './view.ts'
import classes from './shell.module.css'

const icons = { city: IconBuildingCommunity, rules: IconGavel, quarantine: IconShieldExclamation, devices: IconCpu, codecs: IconBinary }

type PageNavProps = { readonly page: PageName; readonly onPage: (page: PageName) => void }

/** The way between pages at the screen's edge. */
export function PageRail({ page, onPage }: PageNavProps): ReactNode {
  const { t } = useTexts()
  return (
    <nav className={classes.rail} aria-label={t('nav.label')}>
      {pages.map((each) => {
        const Icon = icons[each]
        return (
          <button
            key={each}
            type="button"
            className={classes.railItem}
            aria-current={each === page ? 'page' : undefined}
            onClick={() => onPage(each)}
          >
            <Icon size={20} aria-hidden />
            {t(`nav.${each}`)}
          </button>
        )
      })}
    </nav>
  )
}

/** The way between pages on a phone: a menu in the top bar. */
export function PageMenu({ page, onPage }: PageNavProps): ReactNode {
  const { t } = useTexts()
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('nav.label')}>
          <IconMenu2 size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {pages.map((each) => {
          const Icon = icons[each]
          return (
            <Menu.Item key={each} leftSection={<Icon size={18} />} aria-current={each === page ? 'page' : undefined} onClick={() => onPage(each)}>
              {t(`nav.${each}`)}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
