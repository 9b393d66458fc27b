import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core'
import { IconHelp, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { AlertBell } from '../features/alerts/alert-bell.tsx'
import type { Alert } from '../features/alerts/alert.ts'
import type { Feed } from '../features/feed/feed.ts'
import { Lamp } from '../features/feed/lamp.tsx'
import { Search } from '../features/search/search.tsx'
import { formatTimeOfDay } from '../format/civil-time.ts'
import { useNow } from '../format/use-now.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { Layer } from '../layer/use-layers.ts'
import type { Language, PageName } from './view.ts'
import { pages } from './view.ts'
import classes from './shell.module.css'

type TopBarProps = {
  readonly city: string | null
  readonly timeZone: string
  readonly feed: Feed
  readonly tenants: readonly string[]
  readonly tenant: string | null
  readonly layers: readonly Layer[]
  readonly theme: 'light' | 'dark'
  /** Where the pages are chosen, when there is no room for them at the edge. */
  readonly menu: ReactNode
  readonly mayLogOut: boolean
  readonly alerts: readonly Alert[]
  readonly areAlertsOpen: boolean
  readonly onAlerts: () => void
  readonly onTenant: (tenant: string | null) => void
  readonly onSelect: (id: string, type: string) => void
  readonly onPage: (page: PageName) => void
  readonly onLanguage: (language: Language) => void
  readonly onTheme: (theme: 'light' | 'dark') => void
  readonly isGuideOpen: boolean
  readonly onGuide: () => void
  readonly onLogOut: () => void
}

const languageNames: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
  { value: 'pt', label: 'Português' },
  { value: 'ja', label: '日本語' },
]

/** City, clock, lamp, search, tenant, language and theme. */
export function TopBar(props: TopBarProps): ReactNode {
  const { t, language } = useTexts()
  const isDark = props.theme === 'dark'
  const themeLabel = isDark ? t('top.toLight') : t('top.toDark')
  return (
    <header className={classes.top}>
      {props.menu}
      <div className={classes.brand}>
        <img src="/icon.svg" alt="" width={26} height={26} />
        <div className={classes.city}>
          <h1 className={classes.cityName}>{props.city ?? t('app.unnamedCity')}</h1>
          <span className={classes.tagline}>
            {t('app.title')} {t('app.tagline')}
          </span>
        </div>
      </div>
      <Clock timeZone={props.timeZone} />
      <Lamp feed={props.feed} />
      <div className={classes.search}>
        <Search
          tenant={props.tenant}
          layers={props.layers}
          pages={pages.map((page) => ({ name: page, label: t(`nav.${page}`) }))}
          onSelect={props.onSelect}
          onPage={props.onPage}
        />
      </div>
      <div className={classes.choices}>
        {props.tenants.length > 0 && (
          <NativeSelect
            size="xs"
            className={classes.tenant}
            aria-label={t('top.tenant')}
            value={props.tenant ?? ''}
            onChange={(event) => props.onTenant(event.currentTarget.value === '' ? null : event.currentTarget.value)}
            data={[{ value: '', label: t('top.defaultTenant') }, ...props.tenants.map((tenant) => ({ value: tenant, label: tenant }))]}
          />
        )}
        <NativeSelect
          size="xs"
          className={classes.language}
          aria-label={t('top.language')}
          value={language}
          onChange={(event) => props.onLanguage(event.currentTarget.value as Language)}
          data={[...languageNames]}
        />
      </div>
      <div className={classes.settings}>
        <AlertBell alerts={props.alerts} isOpen={props.areAlertsOpen} onOpen={props.onAlerts} />
        <Tooltip label={t('guide.open')}>
          <ActionIcon variant="default" size={30} aria-label={t('guide.open')} aria-expanded={props.isGuideOpen} onClick={props.onGuide}>
            <IconHelp size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={themeLabel}>
          <ActionIcon variant="default" size={30} aria-label={themeLabel} onClick={() => props.onTheme(isDark ? 'light' : 'dark')}>
            {isDark ? <IconSun size={17} /> : <IconMoon size={17} />}
          </ActionIcon>
        </Tooltip>
        {props.mayLogOut && (
          <Tooltip label={t('top.logOut')}>
            <ActionIcon variant="default" size={30} aria-label={t('top.logOut')} onClick={props.onLogOut}>
              <IconLogout size={17} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </header>
  )
}

function Clock({ timeZone }: { readonly timeZone: string }): ReactNode {
  const { t, language } = useTexts()
  const now = useNow(1_000)
  return (
    <div className={classes.clock} title={timeZone}>
      <span className="srOnly">{t('top.clock')}</span>
      <time dateTime={new Date(now).toISOString()}>{formatTimeOfDay(now, language, timeZone, true)}</time>
    </div>
  )
}
