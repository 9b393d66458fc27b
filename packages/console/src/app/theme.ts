import { createTheme } from '@mantine/core'
import type { CSSVariablesResolver } from '@mantine/core'

/** Mantine in the console's own measures and type. */
export const theme = createTheme({
  fontFamily: "'Cityloop Sans', 'Noto Sans', 'Noto Sans JP', system-ui, sans-serif",
  primaryColor: 'cyan',
  // Mantine's own dark greys are warm; these follow the tokens.
  colors: { dark: ['#e7edf3', '#c3ced8', '#a3b3c2', '#71828f', '#3a4a59', '#2a3846', '#1b2733', '#141d27', '#0f1720', '#0c131b'] },
  primaryShade: { light: 9, dark: 4 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  // Written out, so that tokens.css can tell filled buttons by their attribute.
  components: { Button: { defaultProps: { variant: 'filled' } } },
})

/** Mantine's surfaces take the console's tokens, so that both agree in light and dark. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-error': 'var(--cut)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-placeholder': 'var(--muted)',
  }
  return { variables: {}, light: shared, dark: shared }
}
