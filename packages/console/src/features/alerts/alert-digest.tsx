import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Alert } from './alert.ts'

const everyMs = 5_000

/** Tells screen readers, politely and at most every five seconds, that alerts have come and how many wait. */
export function AlertDigest({ alerts }: { readonly alerts: readonly Alert[] | null }): ReactNode {
  const { t } = useTexts()
  const now = useRef(alerts)
  const before = useRef<ReadonlySet<string> | null>(null)
  const [news, setNews] = useState<{ readonly come: number; readonly waiting: number } | null>(null)
  useEffect(() => {
    now.current = alerts
    // What stood when the screen opened is no news.
    if (before.current === null && alerts !== null) before.current = idsOf(alerts)
  }, [alerts])
  useEffect(() => {
    const timer = setInterval(() => {
      if (now.current === null || before.current === null) return
      const ids = idsOf(now.current)
      const come = [...ids].filter((id) => before.current?.has(id) !== true).length
      before.current = ids
      if (come > 0) setNews({ come, waiting: ids.size })
    }, everyMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="srOnly" aria-live="polite">
      {news !== null && `${t('alerts.come', { count: news.come })} ${t('alerts.bell', { count: news.waiting })}`}
    </div>
  )
}

function idsOf(alerts: readonly Alert[]): ReadonlySet<string> {
  return new Set(alerts.flatMap(({ id, state }) => (state === 'active' ? [id] : [])))
}
