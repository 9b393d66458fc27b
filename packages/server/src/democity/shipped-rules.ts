/** The rules that the made-up city brings, as rules are put: few, so that each alert means something. */
export const shippedRules: readonly Readonly<Record<string, unknown>>[] = [
  { id: 'demo-no2', title: 'Nitrogen dioxide is high', type: 'AirQualityObserved', kind: 'threshold', attribute: 'no2', limit: 90, clearLimit: 70, severity: 'medium' },
  { id: 'demo-pm25', title: 'Fine dust, perhaps smoke', type: 'AirQualityObserved', kind: 'threshold', attribute: 'pm25', limit: 60, clearLimit: 35, severity: 'high' },
  { id: 'demo-bin', title: 'Bin is full', type: 'WasteContainer', kind: 'threshold', attribute: 'fillingLevel', limit: 0.995, clearLimit: 0.5, severity: 'low' },
  { id: 'demo-flood', title: 'River is high', type: 'WaterObserved', kind: 'threshold', attribute: 'height', limit: 4.2, clearLimit: 3.6, severity: 'critical' },
  { id: 'demo-noise', title: 'Loud for a street', type: 'NoiseLevelObserved', kind: 'threshold', attribute: 'LAeq', limit: 82, clearLimit: 74, severity: 'low' },
  { id: 'demo-power', title: 'No power', type: 'ACMeasurement', kind: 'threshold', attribute: 'totalActivePower', above: false, limit: 0.1, clearLimit: 0.15, severity: 'high' },
  { id: 'demo-silent', title: 'Device is silent', type: 'Device', kind: 'state', attribute: 'deviceState', values: ['silent'], severity: 'low' },
  { id: 'demo-drift', title: 'Device differs from its neighbours', type: 'Device', kind: 'state', attribute: 'deviceState', values: ['drifting'], severity: 'low' },
] // prettier-ignore
