import { Button } from '@mantine/core'
import { Component } from 'react'
import type { ReactNode } from 'react'
import { useTexts } from '../i18n/use-texts.ts'

type Props = { readonly children: ReactNode }
type State = { readonly error: unknown }

/** Keeps a panel's failure to that panel, says what failed and offers to try again. */
export class PanelBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return <BrokenPanel error={this.state.error} onRetry={() => this.setState({ error: null })} />
  }
}

function BrokenPanel({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): ReactNode {
  const { t, reason } = useTexts()
  return (
    <div role="alert" style={{ padding: 16 }}>
      <p>{t('panel.broken', { reason: reason(error) })}</p>
      <Button size="xs" variant="default" onClick={onRetry}>
        {t('panel.retry')}
      </Button>
    </div>
  )
}
