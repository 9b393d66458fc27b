import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { ListState, Outcome, Page } from '../../page/page.tsx'
import { MessageRow } from './message-row.tsx'
import { ruleWords } from './rule-words.ts'
import { useDiscard, useQuarantine, useReplay } from './use-quarantine.ts'
import type { Replayed } from './use-quarantine.ts'
import page from '../../page/page.module.css'

type QuarantinePageProps = {
  readonly tenant: string | null
  readonly timeZone: string
  readonly onProvision: (deviceId: string, apiKey: string) => void
}

/** What the city could not take in: why, what it was, and the ways out: mend and replay, or discard. */
export function QuarantinePage({ tenant, timeZone, onProvision }: QuarantinePageProps): ReactNode {
  const { t } = useTexts()
  const query = useQuarantine(tenant)
  const replay = useReplay(tenant)
  const discard = useDiscard(tenant)
  const now = useNow(5_000)
  const [done, setDone] = useState('')
  const messages = query.data?.pages.flat() ?? []
  const isBusy = replay.isPending || discard.isPending
  const tell = (replayed: Replayed | null): void => {
    if (replayed === null) return
    const reasons = Object.entries(replayed.reasons).map(([rule, count]) => `${ruleWords(rule, t)} (${count})`)
    const left = replayed.left === 0 ? '' : ` ${t('quarantine.left', { count: replayed.left })} ${reasons.join(', ')}`
    setDone(`${t('quarantine.taken', { count: replayed.taken })}${left}`)
  }
  const begin = (): void => {
    setDone('')
    replay.reset()
    discard.reset()
  }
  return (
    <Page
      title={t('quarantine.title')}
      about={t('quarantine.about')}
      actions={
        <Button
          leftSection={<IconRefresh size={16} />}
          disabled={messages.length === 0 || isBusy}
          loading={replay.isPending && replay.variables === 'all'}
          onClick={() => {
            begin()
            replay.mutate('all', { onSuccess: tell })
          }}
        >
          {t('quarantine.replayAll')}
        </Button>
      }
    >
      <Outcome text={done} error={replay.error ?? discard.error} />
      <div className={page.card}>
        <ListState query={query} empty={messages.length === 0 ? t('quarantine.none') : null} />
        {messages.length > 0 && (
          <table className={page.table}>
            <caption className="srOnly">{t('quarantine.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('quarantine.device')}</th>
                <th scope="col">{t('quarantine.why')}</th>
                <th scope="col">{t('quarantine.payload')}</th>
                <th scope="col">{t('quarantine.received')}</th>
                <th scope="col">
                  <span className="srOnly">{t('page.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {messages.map((message) => (
                <MessageRow
                  key={message.key}
                  message={message}
                  now={now}
                  timeZone={timeZone}
                  isBusy={isBusy}
                  onProvision={(deviceId) => onProvision(deviceId, message.apiKey)}
                  onReplay={() => {
                    begin()
                    replay.mutate([message.key], { onSuccess: tell })
                  }}
                  onDiscard={() => {
                    begin()
                    discard.mutate([message.key], { onSuccess: () => setDone(t('quarantine.discarded')) })
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {query.hasNextPage && (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('quarantine.more')}
          </Button>
        </div>
      )}
    </Page>
  )
}
