import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import { Page } from '../../page/page.tsx'
import { MessageList } from './message-list.tsx'

type QuarantinePageProps = {
  readonly tenant: string | null
  readonly timeZone: string
  readonly onProvision: (deviceId: string, apiKey: string) => void
}

/** What the city could not take in: why, what it was, and the ways out: mend and replay, or discard. */
export function QuarantinePage({ tenant, timeZone, onProvision }: QuarantinePageProps): ReactNode {
  const { t } = useTexts()
  return (
    <Page title={t('quarantine.title')} about={t('quarantine.about')}>
      <MessageList tenant={tenant} deviceId={null} timeZone={timeZone} onProvision={onProvision} />
    </Page>
  )
}
