import { MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { Login } from '../features/session/login.tsx'
import { useSession } from '../features/session/session.ts'
import { createI18n } from '../i18n/i18n.ts'
import { PanelBoundary } from './panel-boundary.tsx'
import { Screen } from './screen.tsx'
import { cssVariables, theme as mantineTheme } from './theme.ts'
import { useView } from './use-view.ts'
import { languages } from './view.ts'
import type { Language } from './view.ts'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 3,
      retryDelay: (attempt) => Math.min(2_000, 300 * 2 ** attempt),
    },
  },
})

/** The console: texts, colours and queries around either the log-in form or the screen. */
export function App(): ReactNode {
  const [view, changeView] = useView()
  const prefersLight = useMediaQuery('(prefers-color-scheme: light)') ?? false
  const language = view.language ?? preferredLanguage()
  const theme = view.theme ?? (prefersLight ? 'light' : 'dark')
  const i18n = useMemo(() => createI18n(language), [])
  useEffect(() => {
    document.documentElement.lang = language
    if (i18n.language !== language) void i18n.changeLanguage(language)
  }, [language, i18n])
  return (
    <QueryClientProvider client={client}>
      <I18nextProvider i18n={i18n}>
        <MantineProvider theme={mantineTheme} cssVariablesResolver={cssVariables} forceColorScheme={theme}>
          <PanelBoundary>
            <Door theme={theme} view={view} changeView={changeView} />
          </PanelBoundary>
        </MantineProvider>
      </I18nextProvider>
    </QueryClientProvider>
  )
}

function Door(props: Omit<Parameters<typeof Screen>[0], 'session'>): ReactNode {
  const session = useSession()
  if (session.data === undefined) return null
  if (session.data.needsToken && !session.data.authenticated) return <Login />
  // Another tenant is another city: nothing of the former one's screen may stay.
  return <Screen key={props.view.tenant ?? ''} {...props} session={session.data} />
}

function preferredLanguage(): Language {
  for (const wish of navigator.languages) {
    const found = languages.find((language) => wish.toLowerCase().startsWith(language))
    if (found !== undefined) return found
  }
  return 'en'
}
