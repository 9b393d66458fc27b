import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useNow } from '../../format/use-now.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import { ListState, Outcome } from '../../page/page.tsx'
import { MessageRow } from './message-row.tsx'
import { ruleWords } from './rule-words.ts'
import { useDiscard, useQuarantine, useReplay } from './use-quarantine.ts'
import type { Replayed } from './use-quarantine.ts'
import page from '../../page/page.module.css'

type MessageListProps = {
  readonly tenant: string | null
  /** The device whose messages are meant; null: everybody's. */
  readonly deviceId: string | null
  readonly timeZone: string
  readonly onProvision: (deviceId: string, apiKey: string) => void
}

/** The quarantined messages, to replay or discard, and what came of that. */
export function MessageList({ tenant, deviceId, timeZone, onProvision }: MessageListProps): ReactNode {
  const { t } = useTexts()
  const query = useQuarantine(tenant, deviceId)
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
  const replayThese = (keys: readonly string[] | 'all'): void => {
    begin()
    replay.mutate(keys, { onSuccess: tell })
  }
  return (
    <>
      <Outcome text={done} error={replay.error ?? discard.error} />
      <section className={page.card} aria-labelledby="messages-title">
        <div className={page.cardHead}>
          <h3 id="messages-title">{t('quarantine.refused')}</h3>
          <Button
            size="compact-sm"
            leftSection={<IconRefresh size={16} />}
            disabled={messages.length === 0 || isBusy}
            loading={replay.isPending && replay.variables.length !== 1}
            onClick={() => replayThese(deviceId === null ? 'all' : messages.map(({ key }) => key))}
          >
            {t('quarantine.replayAll')}
          </Button>
        </div>
        <ListState query={query} empty={messages.length === 0 ? t('quarantine.none') : null} />
        {messages.length > 0 && (
          <table className={page.table}>
            <caption className="srOnly">{t('quarantine.refused')}</caption>
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
                  onProvision={(id) => onProvision(id, message.apiKey)}
                  onReplay={() => replayThese([message.key])}
                  onDiscard={() => {
                    begin()
                    discard.mutate([message.key], { onSuccess: () => setDone(t('quarantine.discarded')) })
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
        {query.hasNextPage && (
          <div className={page.form}>
            <div>
              <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('quarantine.more')}
              </Button>
            </div>
          </div>
        )}
      </section>
    </>
  )
}
