import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import classes from './page.module.css'

type PageProps = {
  readonly title: string
  /** What the page is for, in one sentence. */
  readonly about: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page beside the map: its heading, what it is for, its actions, and its content, which scrolls. */
export function Page({ title, about, actions, children }: PageProps): ReactNode {
  return (
    <div className={classes.page} id="page" tabIndex={-1}>
      <div className={classes.inner}>
        <header className={classes.header}>
          <div className={classes.heading}>
            <h2 className={classes.title}>{title}</h2>
            <p className={classes.about}>{about}</p>
          </div>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  )
}

/**
 * What an action came to, said to eyes and screen readers; the element is always there, so that a new text is heard. It takes the focus that went with the
 * control that acted.
 */
export function Outcome({ text, error }: { readonly text: string; readonly error: unknown }): ReactNode {
  const { reason } = useTexts()
  const isError = error !== null && error !== undefined
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if ((text !== '' || isError) && document.activeElement === document.body) element.current?.focus()
  }, [text, isError])
  return (
    <div ref={element} className={classes.outcome} role="status" tabIndex={-1} data-kind={isError ? 'error' : text === '' ? 'none' : 'done'}>
      {isError ? reason(error) : text}
    </div>
  )
}

type ListStateProps = {
  readonly query: { readonly isPending: boolean; readonly isSuccess: boolean; readonly error: unknown }
  /** What to say of a list that was read and has nothing to show; null when it has. */
  readonly empty: string | null
}

/** What stands in a list's place while it is being read, when it could not be read, and when it is empty. */
export function ListState({ query, empty }: ListStateProps): ReactNode {
  const { t, reason } = useTexts()
  if (query.isPending) return <p className={classes.empty}>{t('page.loading')}</p>
  return (
    <>
      {query.error !== null && (
        <p className={classes.empty} role="alert">
          {t('page.failed', { reason: reason(query.error) })}
        </p>
      )}
      {query.isSuccess && empty !== null && <p className={classes.empty}>{empty}</p>}
    </>
  )
}
