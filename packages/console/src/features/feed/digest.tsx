import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'

const everyMs = 30_000

/** Tells screen readers, politely and twice a minute, how much has changed; `count` answers how many changes came so far. */
export function Digest({ count }: { readonly count: () => number }): ReactNode {
  const { t } = useTexts()
  const before = useRef(count())
  const [changes, setChanges] = useState<number | null>(null)
  useEffect(() => {
    const timer = setInterval(() => {
      setChanges(count() - before.current)
      before.current = count()
    }, everyMs)
    return () => clearInterval(timer)
  }, [count])
  const text = changes === null ? '' : changes === 0 ? t('feed.digestNone') : t('feed.digest', { count: changes })
  return (
    <div className="srOnly" aria-live="polite">
      {text}
    </div>
  )
}
