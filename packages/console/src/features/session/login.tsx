import { Button, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { ApiError, sendJson } from '../../api/client.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './session.module.css'

/** The form that turns the administrator's token into a session cookie. */
export function Login(): ReactNode {
  const { t, reason } = useTexts()
  const [token, setToken] = useState('')
  const client = useQueryClient()
  const login = useMutation({
    mutationFn: () => sendJson('POST', '/api/session', { token }),
    onSuccess: () => client.invalidateQueries(),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    login.mutate()
  }
  const isWrong = login.error instanceof ApiError && login.error.status === 401
  const error = login.error === null ? null : isWrong ? t('login.wrong') : t('login.failed', { reason: reason(login.error) })
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1 className={classes.heading}>{t('login.title')}</h1>
        <PasswordInput
          label={t('login.token')}
          description={t('login.hint')}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={error}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
        />
        <Button type="submit" loading={login.isPending}>
          {t('login.submit')}
        </Button>
      </form>
    </main>
  )
}
