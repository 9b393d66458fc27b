import { useMediaQuery } from '@mantine/hooks'

/** Whether the screen is as narrow as a phone's, where one pane is shown at a time. */
export function useIsPhone(): boolean {
  return useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false }) ?? false
}
