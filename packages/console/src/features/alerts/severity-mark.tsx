import { IconAlertOctagonFilled, IconAlertTriangleFilled, IconCircleFilled, IconInfoCircle, IconSquareRotatedFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Severity } from './alert.ts'
import classes from './alerts.module.css'

const icons = {
  critical: IconAlertOctagonFilled,
  high: IconAlertTriangleFilled,
  medium: IconSquareRotatedFilled,
  low: IconCircleFilled,
  informational: IconInfoCircle,
}

/** A severity by shape and colour; the word stands beside it. */
export function SeverityMark({ severity, size = 18 }: { readonly severity: Severity; readonly size?: number }): ReactNode {
  const Icon = icons[severity]
  return <Icon size={size} aria-hidden className={classes.mark} data-severity={severity} />
}
